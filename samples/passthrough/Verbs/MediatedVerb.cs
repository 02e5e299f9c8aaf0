using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough mdev</c>: shows mediated devices and their types, and creates and removes them.</summary>
internal static class MediatedVerb
{
    public static Command Create() => new("mdev", "Show, create and remove mediated devices")
    {
        Show("types", "List the types that the host's devices can create, with their free instances", Types),
        Show("list", "List the mediated devices that exist or are defined", List),
    };

    private static Command Show(string name, string description, Func<MediatedDeviceStatus, bool, int> run)
    {
        var (root, json) = (SharedOptions.Root(), SharedOptions.Json());
        var command = new Command(name, description) { root, json };
        command.SetAction(parsed => run(PassthroughHost.At(parsed.GetRequiredValue(root)).Capture().System.MediatedDevices, parsed.GetValue(json)));
        return command;
    }

    private static int Types(MediatedDeviceStatus status, bool json)
    {
        var parents = Known(status.Parents);
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartArray();
                foreach (var parent in parents)
                {
                    foreach (var type in Known(parent.Types))
                    {
                        MediatedJson.WriteType(writer, parent, type);
                    }
                }

                writer.WriteEndArray();
            });
            return ExitCode.Yes;
        }

        if (parents.IsEmpty)
        {
            Console.WriteLine("the host has no device that creates mediated devices: no driver of such a device is loaded");
        }

        foreach (var parent in parents)
        {
            Console.WriteLine(parent.Name + (parent.Driver is null ? "" : $" ({parent.Driver})"));
            foreach (var type in Known(parent.Types))
            {
                var free = type.AvailableInstances is { } count ? $"{count} free" : "free instances unknown";
                Console.WriteLine($"  {type.Id,-24} {free,-10} {type.DeviceApi ?? "-",-10} {type.Name}{(type.Description is null ? "" : $" ({type.Description.ReplaceLineEndings(", ")})")}".TrimEnd());
            }
        }

        return ExitCode.Yes;
    }

    private static int List(MediatedDeviceStatus status, bool json)
    {
        var devices = Known(status.Devices);
        var definitions = Known(status.Definitions);
        (MediatedDevice? Device, MediatedDefinition? Definition, bool? Exists)[] all =
        [
            .. devices.Select(device => ((MediatedDevice?)device, definitions.FirstOrDefault(definition => IsOf(definition, device)), (bool?)true)),
            .. definitions.Where(definition => !devices.Any(device => IsOf(definition, device)))
                .Select(definition => ((MediatedDevice?)null, (MediatedDefinition?)definition, status.Devices.IsUnknown ? null : (bool?)false)),
        ];
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartArray();
                foreach (var (device, definition, exists) in all)
                {
                    MediatedJson.WriteDevice(writer, device, definition, exists);
                }

                writer.WriteEndArray();
            });
            return ExitCode.Yes;
        }

        if (all.Length == 0)
        {
            Console.WriteLine("no mediated device exists or is defined");
        }

        foreach (var (device, definition, exists) in all)
        {
            var state = exists switch { true => "exists", false => "does not exist", null => "state unknown" };
            var group = device?.IommuGroupId is { } id ? $", group {id}" : "";
            var start = definition is null ? ", not defined" : $", defined ({MediatedJson.Start(definition)})";
            Console.WriteLine($"{device?.Uuid ?? definition!.Uuid:D} {device?.Parent ?? definition?.Parent ?? "-"} {device?.Type ?? definition?.Type ?? "-"}: {state}{group}{start}");
        }

        return ExitCode.Yes;
    }

    private static bool IsOf(MediatedDefinition definition, MediatedDevice device) => definition.Uuid == device.Uuid && definition.Parent == device.Parent;

    // An unknown list is no empty one: the program says so and fails.
    private static ValueList<T> Known<T>(Fact<ValueList<T>> fact) => fact.IsUnknown
        ? throw new PassthroughException($"{fact.Source} cannot be read ({fact.Reason}); run as root on the host, or capture it with its system")
        : fact.IsKnown ? fact.Value : [];
}
