using System.CommandLine;
using System.Globalization;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough show</c>: shows everything about one function, and whether it can be assigned.</summary>
internal static class ShowVerb
{
    public static Command Create()
    {
        var (address, root, json) = (SharedOptions.Address(), SharedOptions.Root(), SharedOptions.Json());
        var connect = SharedOptions.Connect(HostSource.Description);
        var vpd = new Option<bool>("--vpd") { Description = "Also read the vital product data: part and serial numbers; needs root, and takes a second on some cards" };
        var command = new Command("show", "Show everything about one PCI function") { address, root, connect, vpd, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(address), parsed.GetRequiredValue(root), parsed.GetValue(connect), parsed.GetValue(vpd), parsed.GetValue(json)));
        return command;
    }

    private static int Run(PciAddress address, string root, string? connect, bool vpd, bool json)
    {
        var snapshot = HostSource.Capture(root, connect, new CaptureOptions { DetailsOf = [address], Isolation = true, VitalProductData = vpd });
        var device = snapshot.Devices[address];
        var report = snapshot.CheckDevice(address);
        var names = PciIdDatabase.Load(root);
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartObject();
                DeviceJson.WriteProperties(writer, device, names);
                DetailsJson.WriteProperties(writer, device.Details!);
                writer.WriteBooleanOrNull("assignable", report.IsReady);
                writer.WriteFindings(report);
                writer.WriteEndObject();
            });
            return ExitCode.Yes;
        }

        using var output = new PlainWriter(Console.OpenStandardOutput, isBuffered: true);
        Write(output, device, device.Details!, names);
        output.WriteLine(report.IsReady switch { true => "assignable", false => "not assignable", null => "cannot tell whether it is assignable" });
        output.Flush();
        FindingText.Write(report);
        return ExitCode.Yes;
    }

    private static void Write(TextWriter output, PciDevice device, PciDeviceDetails details, PciIdDatabase names)
    {
        void Line(string label, object? value)
        {
            if (value is not null)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {label,-16}{value}"));
            }
        }

        output.WriteLine($"{device.Address} {DeviceNames.Describe(device, names)} [{DeviceNames.Ids(device)}]");
        Line("driver", device.Driver ?? "-");
        Line("driver override", details.DriverOverride);
        Line("IOMMU group", device.IommuGroupId);
        Line("NUMA node", device.NumaNode);
        Line("slot", details.PhysicalSlot);
        Line("product", details.VitalProductData?.Name);
        foreach (var field in details.VitalProductData is { } data ? data.ReadOnlyFields.Concat(data.ReadWriteFields) : [])
        {
            Line($"product {field.Keyword}", field.Text);
        }

        Line("label", details.Label);
        Line("power", details.Power.State);
        Line("link", details.Link is { } link ? $"{link.CurrentSpeed} GT/s x{link.CurrentWidth} of {link.MaxSpeed} GT/s x{link.MaxWidth}" : null);
        Line("resets", details.ResetMethods is { } resets ? string.Join(' ', resets) : null);
        Line("VFIO device", details.VfioDevice);
        Line("bridges above", details.Bridges.IsEmpty ? null : string.Join(' ', details.Bridges));
        Line("SR-IOV", details.Sriov is { } sriov ? $"{sriov.VirtualFunctions} of {sriov.TotalVirtualFunctions}" : null);
        foreach (var bar in details.Bars ?? [])
        {
            Line(bar.Type == PciBarType.Rom ? "ROM" : $"BAR {bar.Index}", $"{bar.Type} at {bar.Address:x} size {bar.Size:x}{(bar.IsPrefetchable ? " prefetchable" : "")} {bar.Width}-bit");
        }

        foreach (var capability in details.Configuration?.Capabilities ?? [])
        {
            Line("capability", capability);
        }
    }
}
