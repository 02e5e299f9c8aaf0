using Passthrough.Sdk;

namespace Passthrough.Cli;

/// <summary>The default hypervisor.</summary>
internal static class LibvirtUri
{
    public const string Default = "qemu:///system";

    public const string Description = $"libvirt's URI; the default is {Default}";

    /// <summary>Returns the hypervisor whose domains can have this host's devices: in a Xen dom0, Xen.</summary>
    public static string OfThisHost() => PassthroughHost.Local().Capture().System.Environment.Xen.IsDom0.Value ? "xen:///system" : Default;

    public static string Or(string? given) => given ?? Default;
}
