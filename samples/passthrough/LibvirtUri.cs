namespace Passthrough.Cli;

/// <summary>The default hypervisor.</summary>
internal static class LibvirtUri
{
    public const string Default = "qemu:///system";

    public const string Description = $"libvirt's URI; the default is {Default}";

    public static string Or(string? given) => given ?? Default;
}
