namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Flags of libvirt's that are not public here. Proven against the C headers, as the public ones are.</summary>
internal static class NativeFlags
{
    /// <summary>VIR_CONNECT_RO.</summary>
    public const uint ConnectReadOnly = 1 << 0;

    /// <summary>VIR_DOMAIN_DEFINE_VALIDATE.</summary>
    public const uint DomainDefineValidate = 1 << 0;

    /// <summary>VIR_DOMAIN_DESTROY_GRACEFUL.</summary>
    public const uint DomainDestroyGraceful = 1 << 0;
}
