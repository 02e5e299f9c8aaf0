namespace Passthrough.Cli;

/// <summary>The hypervisor that is meant when nothing is said.</summary>
internal static class LibvirtUri
{
    public const string Default = "qemu:///system";

    public const string Description = $"libvirt's URI; {Default} when not given";

    public static string Or(string? given) => given ?? Default;
}
