namespace Passthrough.Sdk.Libvirt;

/// <summary>What is removed together with a domain's definition: virDomainUndefineFlagsValues.</summary>
[Flags]
public enum DomainUndefineOptions
{
    /// <summary>Removes only the definition; libvirt refuses this if one of the items below exists.</summary>
    None = 0,

    /// <summary>Removes the saved state too (<c>--managed-save</c>).</summary>
    ManagedSave = 1 << 0,

    /// <summary>Removes libvirt's metadata of the snapshots too (<c>--snapshots-metadata</c>).</summary>
    SnapshotsMetadata = 1 << 1,

    /// <summary>Removes the firmware's variables too (<c>--nvram</c>).</summary>
    Nvram = 1 << 2,

    /// <summary>Keeps the firmware's variables (<c>--keep-nvram</c>).</summary>
    KeepNvram = 1 << 3,

    /// <summary>Removes libvirt's metadata of the checkpoints too (<c>--checkpoints-metadata</c>).</summary>
    CheckpointsMetadata = 1 << 4,
}
