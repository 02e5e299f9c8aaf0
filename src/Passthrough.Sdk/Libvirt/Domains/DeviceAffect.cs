namespace Passthrough.Sdk.Libvirt;

/// <summary>The target of a change of a domain's devices: virDomainModificationImpact.</summary>
[Flags]
public enum DeviceAffect
{
    /// <summary>The running domain if it is running, otherwise its definition (<c>--current</c>).</summary>
    Current = 0,

    /// <summary>The running domain (<c>--live</c>).</summary>
    Live = 1 << 0,

    /// <summary>The definition, from the next start on (<c>--config</c>).</summary>
    Config = 1 << 1,
}
