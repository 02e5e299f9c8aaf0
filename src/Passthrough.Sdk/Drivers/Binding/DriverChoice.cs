using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Drivers;

/// <summary>Chooses the driver that gives a device to guests, and knows the modules of drivers.</summary>
internal static class DriverChoice
{
    private const string Vfio = "vfio-pci";
    private const string Xen = "pciback";

    // Where the driver and its module have different names. All other drivers for guests are called like their modules.
    private static readonly ValueList<(string Driver, string Module)> Names = [(Vfio, "vfio_pci"), (Xen, "xen_pciback")];

    /// <summary>
    /// Returns the driver for a device: the variant of vfio-pci that is made for it (the most specific alias in modules.alias, as libvirt
    /// chooses it), otherwise vfio-pci; in a Xen dom0 pciback.
    /// </summary>
    /// <param name="snapshot">The host.</param>
    /// <param name="device">The device, with its details.</param>
    public static string For(HostSnapshot snapshot, PciDevice device)
    {
        if (snapshot.System.Environment.Xen.IsDom0.Value)
        {
            return Xen;
        }

        var variant = device.Details?.Modalias is { } modalias ? snapshot.System.Modules.Aliases.Value?.VfioVariant(modalias) : null;
        return variant is null ? Vfio : NameIn(snapshot, variant);
    }

    /// <summary>Returns the name under which the kernel knows a driver: dashes and underscores are easily confused.</summary>
    public static string NameIn(HostSnapshot snapshot, string driver) =>
        snapshot.System.Modules.PciDrivers.Value is { } registered && !registered.Contains(driver)
        && registered.FirstOrDefault(name => KernelNames.Canonical(name) == KernelNames.Canonical(driver)) is { } name
            ? name
            : Names.Where(known => known.Module == KernelNames.Canonical(driver)).Select(known => known.Driver).FirstOrDefault() ?? driver;

    /// <summary>Returns the module of a driver that the kernel does not have yet; null if it has it, or has the module already: that is not for a plan to unload.</summary>
    public static string? MissingModule(HostSnapshot snapshot, string driver)
    {
        var module = Names.Where(known => known.Driver == driver).Select(known => known.Module).FirstOrDefault() ?? KernelNames.Canonical(driver);
        var modules = snapshot.System.Modules;
        return modules.PciDrivers.Value?.Contains(driver) == true || (modules.Loaded is { IsKnown: true, Value: { } loaded } && loaded.ContainsKey(module)) ? null : module;
    }
}
