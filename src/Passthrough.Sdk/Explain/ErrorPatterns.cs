using Passthrough.Sdk.Explain.Patterns;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Explain;

/// <summary>All known messages. Of two that match at the same position the earlier one counts: put a specific one before a
/// general one.</summary>
internal static class ErrorPatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        .. XenPatterns.All,
        .. QemuVfioPatterns.All,
        .. QemuDevicePatterns.All,
        .. QemuPatterns.All,
        .. KernelIommuPatterns.All,
        .. KernelDevicePatterns.All,
        .. LibvirtConnectionPatterns.All,
        .. LibvirtHostPatterns.All,
        .. LibvirtDevicePatterns.All,
        .. LibvirtDomainPatterns.All,
        .. LibvirtDefinitionPatterns.All,
        .. ShellPatterns.All,
        .. ContainerPatterns.All,
    ];
}
