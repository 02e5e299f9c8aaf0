using System.Text.Json;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.BootChanges;

namespace Passthrough.Cli.Json;

/// <summary>Writes the output of <c>passthrough boot --json</c>; scripts rely on the names.</summary>
internal static class BootJson
{
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static void WriteRevert(Utf8JsonWriter writer, BootPlan plan)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("reverted", !plan.IsEmpty);
        WriteStrings(writer, "files", plan.Files.Select(file => file.Path));
        WriteStrings(writer, "commandsRun", plan.Commands.Except(plan.CommandsLeft).Select(c => c.ToString()));
        WriteStrings(writer, "commandsLeft", plan.CommandsLeft.Select(c => c.ToString()));
        writer.WriteEndObject();
    }

    public static void WriteStatus(Utf8JsonWriter writer, BootConfiguration configuration, BootParameterStatus[] states)
    {
        writer.WriteStartObject();
        writer.WriteString("loader", configuration.Loader == BootLoaderKind.Unknown ? null : Name(configuration.Loader));
        writer.WriteStartArray("evidence");
        foreach (var evidence in configuration.Evidence)
        {
            writer.WriteStartObject();
            writer.WriteString("source", evidence.Source);
            writer.WriteString("value", evidence.IsKnown ? evidence.Value : evidence.IsAbsent ? "absent" : $"unknown ({evidence.Reason})");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("running", configuration.Running.Value);
        writer.WriteString("configured", configuration.Configured.Value);
        writer.WriteString("reason", configuration.Configured.Reason);
        writer.WriteStartArray("parameters");
        foreach (var state in states)
        {
            writer.WriteStartObject();
            writer.WriteString("parameter", state.Parameter.Text);
            writer.WriteString("state", state.State == BootParameterState.Unknown ? null : Name(state.State));
            writer.WriteString("origin", state.Origin);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WritePlan(Utf8JsonWriter writer, BootPlan plan, bool isApplied)
    {
        writer.WriteStartObject();
        using (var document = JsonDocument.Parse(plan.ToJson()))
        {
            foreach (var property in document.RootElement.EnumerateObject())
            {
                property.WriteTo(writer);
            }
        }

        writer.WriteStartArray("files");
        foreach (var file in plan.Files)
        {
            writer.WriteStartObject();
            writer.WriteString("path", file.Path);
            writer.WriteString("diff", file.Diff);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteStrings(writer, "commands", plan.Commands.Select(c => c.ToString()));
        WriteStrings(writer, "reasons", plan.Reasons);
        writer.WriteBoolean("applied", isApplied);
        WriteStrings(writer, "commandsLeft", isApplied ? plan.CommandsLeft.Select(c => c.ToString()) : []);
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }
}
