using System.CommandLine;
using System.Text.Json;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough plan</c>: every step that assign would take, and every risk; nothing is done.</summary>
internal static class PlanVerb
{
    public static Command Create()
    {
        var (addresses, domain, connect, json) =
            (SharedOptions.Addresses(), SharedOptions.Domain(), SharedOptions.Connect(LibvirtUri.Description), SharedOptions.Json());
        var command = new Command("plan", "What assign would do, step by step; nothing is done") { addresses, domain, connect, json };
        command.SetAction(parsed =>
        {
            using var libvirt = LibvirtConnection.Open(LibvirtUri.Or(parsed.GetValue(connect)));
            using var guest = libvirt.Domain(parsed.GetRequiredValue(domain));
            var plan = PassthroughHost.Local().Plan([.. parsed.GetRequiredValue(addresses)], guest);
            Print(plan, parsed.GetValue(json));
            return plan.IsRefused ? ExitCode.No : ExitCode.Yes;
        });
        return command;
    }

    private static void Print(AssignmentPlan plan, bool json)
    {
        if (!json)
        {
            Console.Write(plan);
            return;
        }

        JsonOut.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("domain", plan.Domain);
            writer.WriteString("connection", plan.Connection);
            writer.WriteBoolean("refused", plan.IsRefused);
            writer.WriteAddresses("devices", plan.Devices.Select(device => device.Address));
            writer.WriteStartArray("steps");
            foreach (var step in plan.Steps)
            {
                WriteStep(writer, step);
            }

            writer.WriteEndArray();
            writer.WriteFindings(plan.Findings);
            writer.WriteEndObject();
        });
    }

    private static void WriteStep(Utf8JsonWriter json, AssignmentStep step)
    {
        json.WriteStartObject();
        json.WriteNumber("number", step.Number);
        json.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(step.Kind.ToString()));
        json.WriteAddress("device", step.Device);
        json.WriteString("description", step.Description);
        json.WriteString("undo", step.Undo);
        json.WriteString("command", step.Command);
        json.WriteEndObject();
    }
}
