using System.CommandLine;
using System.Globalization;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough persist</c>: shows and changes what is configured for every boot.</summary>
internal static class PersistVerb
{
    public static Command Create() => new("persist", "Show and change which devices are bound, or get virtual functions, at every boot")
    {
        CreateList(),
        CreateAdd(),
        CreateRemove(),
    };

    private static Command CreateList()
    {
        var (root, json) = (SharedOptions.Root(), SharedOptions.Json());
        var command = new Command("list", "List the devices that are configured for every boot, and whether the host is as configured") { root, json };
        command.SetAction(parsed => List(parsed.GetRequiredValue(root), parsed.GetValue(json)));
        return command;
    }

    private static Command CreateAdd()
    {
        var addresses = SharedOptions.Addresses();
        var driver = new Option<string>("--driver") { Description = "The driver; without it, vfio-pci", HelpName = "NAME" };
        var functions = new Option<int?>("--vfs") { Description = "Create this many virtual functions of the one device, instead of binding it", HelpName = "COUNT" };
        functions.Validators.Add(result =>
        {
            if (result.GetValue(functions) is not null && (result.GetValue(driver) is not null || result.GetValue(addresses) is not { Length: 1 }))
            {
                result.AddError("--vfs: takes one physical function, and no --driver; configure its virtual functions in a separate call");
            }
        });
        return PlanCommand.Create("add", "Bind devices to a driver, or create virtual functions, at every boot; a current binding stays", [addresses], [driver, functions], (parsed, options) =>
            parsed.GetValue(functions) is { } count
                ? PassthroughHost.Local().PlanPersistVirtualFunctions(parsed.GetRequiredValue(addresses)[0], count, options: options)
                : PassthroughHost.Local().PlanPersist(parsed.GetRequiredValue(addresses), parsed.GetValue(driver) ?? PersistentBinding.DefaultDriver, options));
    }

    private static Command CreateRemove()
    {
        var addresses = SharedOptions.Addresses();
        return PlanCommand.Create("remove", "No longer configure devices for every boot; a current binding stays", [addresses], [], (parsed, options) =>
            PassthroughHost.Local().PlanUnpersist(parsed.GetRequiredValue(addresses), options));
    }

    private static int List(string root, bool json)
    {
        var host = PassthroughHost.At(root);
        var configured = host.Capture().System.Persistence;
        if (configured.Devices.IsUnknown)
        {
            throw new PassthroughException($"cannot tell what is configured for every boot: {configured.Devices.Source}: {configured.Devices.Reason}; run as a user who can read it");
        }

        // Only now it is known which devices matter; bridges and serial number are details.
        var devices = host.Capture(new CaptureOptions { DetailsOf = [.. configured.Devices.Value.Select(device => device.Address)], System = false }).Devices;
        var checks = configured.Check(devices);
        foreach (var problem in configured.Problems)
        {
            Console.Error.WriteLine($"{problem.File}: {problem.Reason}");
        }

        if (json)
        {
            JsonOut.Write(writer => PersistenceJson.Write(writer, checks));
        }
        else
        {
            foreach (var check in checks)
            {
                Console.WriteLine(Line(check));
            }

            if (checks.IsEmpty)
            {
                Console.WriteLine("no device is configured for every boot");
            }
        }

        return configured.Problems.IsEmpty ? ExitCode.Yes : ExitCode.No;
    }

    private static string Line(PersistenceCheck check)
    {
        var device = check.Device;
        var wanted = device.Driver ?? string.Create(CultureInfo.InvariantCulture, $"{device.VirtualFunctionCount} virtual functions");
        var state = check.State switch
        {
            PersistenceState.InEffect => "in effect",
            PersistenceState.NotInEffect when device.Driver is not null => $"not in effect: {check.Now?.Driver ?? "no driver"}",
            PersistenceState.NotInEffect => string.Create(CultureInfo.InvariantCulture, $"not in effect: {check.Now?.VirtualFunctions.Count} virtual functions"),
            PersistenceState.Absent => "no device has this address",
            PersistenceState.OtherDevice => "another device has this address",
            _ => "unknown",
        };
        var places = check.FoundAt.IsEmpty ? "" : $"; a matching device is at {string.Join(", ", check.FoundAt)}";
        return $"{device.Address} {wanted}: {state}{places} ({device.File}{(device.IsEdited ? ", edited" : "")})";
    }
}
