using System.CommandLine;
using System.CommandLine.Parsing;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough mdev</c>: shows mediated devices and their types, and creates and removes them.</summary>
internal static class MediatedVerb
{
    public static Command Create() => new("mdev", "Show, create and remove mediated devices")
    {
        Show("types", "List the types that the host's devices can create, with their free instances", Types),
        Show("list", "List the mediated devices that exist or are defined", List),
        CreateDevice(),
        RemoveDevice(),
    };

    private static Command CreateDevice()
    {
        var parent = new Argument<string>("PARENT") { Description = "The name of the parent device, as mdev types prints it: a PCI address, or another name" };
        var type = new Argument<string>("TYPE") { Description = "The type, as mdev types prints it" };
        var uuid = new Option<Guid?>("--uuid")
        {
            Description = "The UUID of the new device; without it one is chosen and printed",
            HelpName = "UUID",
            CustomParser = result => ParseUuid(result, result.Tokens[0].Value),
        };
        var autostart = new Option<bool>("--autostart") { Description = "Also define the device in mdevctl's files, so that it is created at every boot" };
        var (accept, dryRun) = (SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        var command = new Command("create", "Create a mediated device") { parent, type, uuid, autostart, accept, dryRun, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(async cancellationToken =>
        {
            var chosen = parsed.GetValue(uuid) ?? Guid.NewGuid();
            var plan = PassthroughHost.Local().PlanMediatedDevice(
                parsed.GetRequiredValue(parent), parsed.GetRequiredValue(type), chosen, parsed.GetValue(autostart), new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] });
            if (parsed.GetValue(dryRun))
            {
                return PlanRun.Show(plan, parsed.GetValue(json));
            }

            await plan.ApplyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var finding in plan.Findings)
            {
                Console.WriteLine($"{finding}\n  remedy: {finding.Remedy}");
            }

            Console.WriteLine($"{chosen:D}");
            return ExitCode.Yes;
        }));
        return command;
    }

    private static Command RemoveDevice()
    {
        var uuid = new Argument<Guid>("UUID")
        {
            Description = "The UUID of the device, as mdev list prints it",
            CustomParser = result => ParseUuid(result, result.Tokens[0].Value) ?? Guid.Empty,
        };
        var undefine = new Option<bool>("--undefine") { Description = "Also remove its definition from mdevctl's files, so that it is not created again at boot" };
        var (accept, dryRun) = (SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        var command = new Command("remove", "Remove a mediated device that nobody uses") { uuid, undefine, accept, dryRun, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(async cancellationToken =>
        {
            var options = new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] };

            // If no libvirt answers, none of its domains owns the device; that of another emulator shows as an open handle.
            var plan = await LibvirtSession.WaitAsync(
                LibvirtUri.Default,
                () => PassthroughHost.Local().PlanMediatedDeviceRemoval(parsed.GetRequiredValue(uuid), parsed.GetValue(undefine), LibvirtFacts.Read(LibvirtUri.Default), options),
                cancellationToken).ConfigureAwait(false);
            if (parsed.GetValue(dryRun))
            {
                return PlanRun.Show(plan, parsed.GetValue(json));
            }

            await plan.ApplyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
            Console.WriteLine($"{parsed.GetRequiredValue(uuid):D} was removed");
            return ExitCode.Yes;
        }));
        return command;
    }

    private static Guid? ParseUuid(ArgumentResult result, string text)
    {
        if (Guid.TryParseExact(text, "D", out var uuid))
        {
            return uuid;
        }

        result.AddError($"{text}: not a UUID (83b8f4f2-509f-382f-3c1e-e6bfe0fa1001)");
        return null;
    }

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
