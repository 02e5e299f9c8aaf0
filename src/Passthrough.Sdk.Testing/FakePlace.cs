using System.Globalization;
using System.Xml.Linq;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// How libvirt finds the address of a host device in a guest: a PCI Express function on a root port that is free, a conventional one on a bridge. A
/// definition gets the controllers that are missing, a running domain cannot.
/// </summary>
internal sealed record FakePlace(bool IsExpress, bool IsHotPlug)
{
    private const int Slots = 32;

    private static readonly string[] Ports = ["pcie-root-port", "pcie-switch-downstream-port"];
    private static readonly string[] Bridges = ["pcie-to-pci-bridge", "pci-bridge", "dmi-to-pci-bridge", "pci-root"];

    /// <summary>Writes the address, unless the device has one, or the domain says nothing of its buses.</summary>
    /// <exception cref="LibvirtException">The domain runs and has no free place.</exception>
    public void Take(XElement devices, XElement device)
    {
        var controllers = devices.Elements("controller").Where(controller => (string?)controller.Attribute("type") == "pci").ToList();
        if (controllers.Count == 0 || device.Element("address") is not null)
        {
            return;
        }

        // A machine without PCI Express, as i440fx, takes every function for a conventional one.
        var isExpress = IsExpress && controllers.Exists(controller => (string?)controller.Attribute("model") == "pcie-root");
        var (bus, slot) = (isExpress ? FreePort(devices, controllers) : FreeSlot(devices, controllers))
            ?? (IsHotPlug ? throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "internal error: No more available PCI slots") : AddControllers(devices, controllers, isExpress));
        device.Add(Address(bus, slot));
    }

    private static (int Bus, int Slot)? FreePort(XElement devices, List<XElement> controllers) =>
        Of(controllers, Ports).Where(bus => Taken(devices, bus).Count == 0).Select(bus => ((int, int)?)(bus, 0)).FirstOrDefault();

    private static (int Bus, int Slot)? FreeSlot(XElement devices, List<XElement> controllers) =>
        Of(controllers, Bridges).SelectMany(bus => Enumerable.Range(1, Slots - 1).Except(Taken(devices, bus)).Select(slot => ((int, int)?)(bus, slot))).FirstOrDefault();

    private static (int Bus, int Slot) AddControllers(XElement devices, List<XElement> controllers, bool isExpress)
    {
        var next = controllers.Select(IndexOf).DefaultIfEmpty(0).Max() + 1;
        devices.Add("  ", Controller(next, Ports[0]), "\n  ");
        if (isExpress)
        {
            return (next, 0);
        }

        var bridge = Controller(next + 1, Bridges[0]);
        bridge.Add(Address(next, 0));
        devices.Add("  ", bridge, "\n  ");
        return (next + 1, 1);
    }

    private static IEnumerable<int> Of(List<XElement> controllers, string[] models) =>
        controllers.Where(controller => models.Contains((string?)controller.Attribute("model"))).Select(IndexOf).Order();

    private static HashSet<int> Taken(XElement devices, int bus) => [.. devices.Elements().Select(device => device.Element("address"))
        .OfType<XElement>().Where(address => (string?)address.Attribute("type") == "pci" && FakeDomainXml.NumberOf(address, "bus") == bus).Select(address => FakeDomainXml.NumberOf(address, "slot"))];

    private static int IndexOf(XElement controller) => (int?)controller.Attribute("index") ?? 0;

    private static XElement Controller(int index, string model) =>
        new("controller", new XAttribute("type", "pci"), new XAttribute("index", index), new XAttribute("model", model));

    private static XElement Address(int bus, int slot) => new(
        "address",
        new XAttribute("type", "pci"),
        new XAttribute("domain", "0x0000"),
        new XAttribute("bus", string.Create(CultureInfo.InvariantCulture, $"0x{bus:x2}")),
        new XAttribute("slot", string.Create(CultureInfo.InvariantCulture, $"0x{slot:x2}")),
        new XAttribute("function", "0x0"));
}
