using System.Collections.Immutable;
using Passthrough.Sdk.Explain.Patterns;

namespace Passthrough.Sdk.Explain;

/// <summary>All messages that are known. Of two that fit the same place the earlier one counts: write the special one first.</summary>
internal static class ErrorPatterns
{
    public static ImmutableArray<ErrorPattern> All { get; } =
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
