using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Iommu;

/// <summary>The parts of PCI Express that the kernel's grouping uses: the kind of port, and the enabled access controls.</summary>
internal static class AccessControl
{
    // REQ_ACS_FLAGS of the kernel.
    private static readonly ValueList<(AccessControls Control, string Name)> Needed =
    [
        (AccessControls.SourceValidation, "source validation"), (AccessControls.RequestRedirect, "request redirect"),
        (AccessControls.CompletionRedirect, "completion redirect"), (AccessControls.UpstreamForwarding, "upstream forwarding"),
    ];

    /// <summary>The port type of the PCI Express capability; null if the function is conventional PCI.</summary>
    public static PciExpressPortType? PortTypeOf(PciConfigurationSpace space) => space.Capabilities.OfType<PciExpressCapability>().FirstOrDefault()?.PortType;

    /// <summary>The names of the needed controls that are offered and not on; null if there are no access control services.</summary>
    /// <remarks>A control that is not offered is hard-wired on, where it matters at all.</remarks>
    public static ValueList<string>? MissingOf(PciConfigurationSpace space) =>
        space.Capabilities.OfType<AccessControlServicesCapability>().FirstOrDefault() is { } services
            ? [.. Needed.Where(needed => (services.Supported & ~services.Enabled & needed.Control) != 0).Select(needed => needed.Name)]
            : null;
}
