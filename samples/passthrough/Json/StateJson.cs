using System.Text.Json;
using Passthrough.Sdk.DesiredState;

namespace Passthrough.Cli.Json;

/// <summary>The JSON of <c>passthrough state check</c>.</summary>
internal static class StateJson
{
    public static void Write(Utf8JsonWriter json, StateReport report)
    {
        json.WriteStartObject();
        json.WriteBooleanOrNull("asStated", report.IsAsStated);
        json.WriteBoolean("drifted", report.HasDrifted);
        json.WriteBoolean("awaitsReboot", !report.AwaitingReboot.IsEmpty);
        json.WriteFindings(report.Findings);
        json.WriteEndObject();
    }
}
