namespace Passthrough.Sdk.Libvirt;

/// <summary>What goes with a domain's definition: virDomainUndefineFlagsValues.</summary>
[Flags]
public enum DomainUndefineOptions
{
    /// <summary>The definition only; refused where something below exists.</summary>
    None = 0,

    /// <summary>The saved state too (<c>--managed-save</c>).</summary>
    ManagedSave = 1 << 0,

    /// <summary>What libvirt knows of its snapshots too (<c>--snapshots-metadata</c>).</summary>
    SnapshotsMetadata = 1 << 1,

    /// <summary>The firmware's variables too (<c>--nvram</c>).</summary>
    Nvram = 1 << 2,

    /// <summary>The firmware's variables stay (<c>--keep-nvram</c>).</summary>
    KeepNvram = 1 << 3,

    /// <summary>What libvirt knows of its checkpoints too (<c>--checkpoints-metadata</c>).</summary>
    CheckpointsMetadata = 1 << 4,
}
