using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Starts;

/// <summary>Asks the guards about the devices that a domain takes at its start.</summary>
/// <remarks>libvirt is not asked: it waits for this answer, and a call back into it would never return.</remarks>
internal static class StartChecker
{
    /// <summary>Asks the guards.</summary>
    /// <param name="xml">The domain's XML.</param>
    /// <param name="capture">Captures the host with the details of some devices. It is not called if the domain takes none.</param>
    /// <exception cref="Hostdev.LibvirtXmlException">The XML is not that of a domain.</exception>
    public static StartCheck Check(string xml, Func<ValueList<PciAddress>, HostSnapshot> capture)
    {
        var (name, devices) = DomainXml.TakenBy(xml);
        return new()
        {
            Domain = name,
            Devices = devices,
            Accepted = AcceptedFindings.Read(xml),
            Findings = devices.IsEmpty ? [] : [.. ReadinessEngine.Run(
                ReadinessRules.OfStart, new(capture(devices), DomainXml.GuestKindOf(xml)) { Addresses = devices })],
        };
    }
}
