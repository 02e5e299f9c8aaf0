using System.CommandLine;
using Passthrough.Sdk;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough bind</c>, <c>unbind</c> and <c>reset</c>: change devices without libvirt.</summary>
internal static class DriverVerbs
{
    public static Command CreateBind()
    {
        var (addresses, driver) = (SharedOptions.Addresses(), Driver("The driver; without it, the variant of vfio-pci made for the device, or vfio-pci"));
        return Create("bind", "Bind devices to VFIO or another driver, without libvirt", [addresses], [driver], (parsed, libvirt, options) =>
            PassthroughHost.Local().PlanBind(parsed.GetRequiredValue(addresses), parsed.GetValue(driver), libvirt, options));
    }

    public static Command CreateUnbind()
    {
        var (addresses, driver) = (SharedOptions.Addresses(), Driver("The driver; without it, the one that the device had before it was bound"));
        return Create("unbind", "Return devices to the drivers that they had before they were bound", [addresses], [driver], (parsed, libvirt, options) =>
            PassthroughHost.Local().PlanUnbind(parsed.GetRequiredValue(addresses), parsed.GetValue(driver), libvirt, options));
    }

    public static Command CreateReset()
    {
        var address = SharedOptions.Address();
        var method = Name("--method", "The method, such as flr or bus; without it, the kernel's choice");
        return Create("reset", "Reset a device", [address], [method], (parsed, libvirt, options) =>
            PassthroughHost.Local().PlanReset(parsed.GetRequiredValue(address), parsed.GetValue(method), libvirt, options));
    }

    private static Option<string> Driver(string description) => Name("--driver", description);

    private static Option<string> Name(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, HelpName = "NAME" };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && (value.Length == 0 || value.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))))
            {
                result.AddError($"{name}: '{value}' is not a name of the kernel; use letters, digits, '-' and '_'");
            }
        });
        return option;
    }

    private static Command Create(
        string name, string description, Argument[] arguments, Option<string>[] options, Func<ParseResult, LibvirtFacts, PlanOptions, DevicePlan> makePlan) =>
        PlanCommand.Create(
            name,
            description,
            arguments,
            options,
            (parsed, planOptions, cancellationToken) =>
            {
                // If no libvirt answers, none of its domains is asked; a guest of another emulator shows as an open handle.
                var uri = LibvirtUri.OfThisHost();
                return LibvirtSession.WaitAsync(uri, () => makePlan(parsed, LibvirtFacts.Read(uri), planOptions), cancellationToken);
            },
            plan => WriteState(plan.Devices));

    private static void WriteState(IEnumerable<PciAddress> addresses)
    {
        var snapshot = PassthroughHost.Local().Capture(new CaptureOptions { DetailsOf = [.. addresses], System = false });
        foreach (var address in addresses)
        {
            if (snapshot.Devices.TryGet(address, out var device))
            {
                var group = device.IommuGroupId is { } id ? $", IOMMU group {id}" : "";
                var node = device.Details?.VfioDevice is { } vfio ? $", /dev/vfio/devices/{vfio}" : "";
                Console.WriteLine($"{address}: {device.Driver ?? "no driver"}{group}{node}");
            }
        }
    }
}
