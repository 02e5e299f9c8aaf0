using System.Text.Json;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Json;

/// <summary>The JSON of <c>passthrough recover</c>; scripts rely on the names (docs/journal.md).</summary>
internal static class RecoverJson
{
    public static void Write(Utf8JsonWriter json, IEnumerable<PlanRecovery> plans)
    {
        json.WriteStartArray();
        foreach (var plan in plans)
        {
            json.WriteStartObject();
            json.WriteString("journalFile", plan.JournalFile);
            json.WriteString("kind", plan.Kind is { } kind ? JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()) : null);
            json.WriteString("domain", plan.Domain);
            json.WriteStartArray("domains");
            foreach (var domain in plan.Domains)
            {
                json.WriteStringValue(domain);
            }

            json.WriteEndArray();
            json.WriteAddresses("devices", plan.Devices);
            if (plan.StartedAt is { } started)
            {
                json.WriteString("startedAt", started);
            }
            else
            {
                json.WriteNull("startedAt");
            }

            json.WriteBoolean("complete", plan.IsComplete);
            json.WriteStartArray("notUndone");
            foreach (var left in plan.NotUndone)
            {
                json.WriteStartObject();
                json.WriteNumber("step", left.Step.Number);
                json.WriteString("description", left.Step.Description);
                json.WriteString("reason", left.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("problem", plan.Problem);
            json.WriteString("note", plan.Note);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
