using System.Text.Json;
using Passthrough.Sdk.Starts;

namespace Passthrough.Cli.Json;

/// <summary>The JSON of <c>passthrough hook status</c>.</summary>
internal static class HookJson
{
    public static void Write(Utf8JsonWriter json, StartHookStatus status)
    {
        json.WriteStartObject();
        json.WriteString("state", NameOf(status.State));
        json.WriteString("reason", status.Reason);
        json.WriteString("file", status.File);
        json.WriteBoolean("edited", status.IsEdited);
        json.WritePropertyName("command");
        if (status.Options is { } options)
        {
            json.WriteStartArray();
            foreach (var word in options.Command)
            {
                json.WriteStringValue(word);
            }

            json.WriteEndArray();
            json.WriteBoolean("allowsOnFailure", options.AllowsOnFailure);
        }
        else
        {
            json.WriteNullValue();
            json.WriteNull("allowsOnFailure");
        }

        json.WriteEndObject();
    }

    public static string? NameOf(StartHookState state) => state switch
    {
        StartHookState.Absent => "absent",
        StartHookState.InEffect => "inEffect",
        StartHookState.NotInEffect => "notInEffect",
        StartHookState.ProgramMissing => "programMissing",
        StartHookState.ProgramOutOfReach => "programOutOfReach",
        _ => null,
    };
}
