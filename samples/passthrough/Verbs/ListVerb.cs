using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough list</c>: lists every PCI function.</summary>
internal static class ListVerb
{
    public static Command Create()
    {
        var (root, connect, json) = (SharedOptions.Root(), SharedOptions.Connect(HostSource.Description), SharedOptions.Json());
        var command = new Command("list", "List every PCI function") { root, connect, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(root), parsed.GetValue(connect), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string root, string? connect, bool json)
    {
        var devices = HostSource.Capture(root, connect, CaptureOptions.DevicesOnly).Devices;
        var names = PciIdDatabase.Load(root);
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartArray();
                foreach (var device in devices)
                {
                    writer.WriteStartObject();
                    DeviceJson.WriteProperties(writer, device, names);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Yes;
        }

        using var output = new PlainWriter(Console.OpenStandardOutput, isBuffered: true);
        if (devices.Count == 0)
        {
            output.WriteLine(devices.State == FactState.Unknown ? "cannot tell which PCI functions there are: /sys/bus/pci/devices cannot be read" : "there is no PCI function");
        }

        foreach (var device in devices)
        {
            output.WriteLine(
                $"{device.Address} {DeviceNames.Ids(device)} group {device.IommuGroupId?.ToString(provider: null) ?? "-",-3} {device.Driver ?? "-",-16} {DeviceNames.Describe(device, names)}");
        }

        return ExitCode.Yes;
    }
}
