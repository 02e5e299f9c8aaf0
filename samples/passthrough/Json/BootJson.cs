using System.Text.Json;
using Passthrough.Sdk.Boot;

namespace Passthrough.Cli.Json;

/// <summary>What <c>passthrough boot</c> prints with --json; scripts rely on the names.</summary>
internal static class BootJson
{
    public static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    public static void WriteRevert(Utf8JsonWriter writer, BootReceipt? receipt)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("reverted", receipt is not null);
        WriteStrings(writer, "files", receipt is null ? [] : receipt.Files);
        WriteStrings(writer, "commandsRun", receipt is null ? [] : receipt.CommandsRun.Select(c => c.ToString()));
        WriteStrings(writer, "commandsLeft", receipt is null ? [] : receipt.CommandsLeft.Select(c => c.ToString()));
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
            writer.WriteString("value", evidence.IsKnown ? evidence.Value : "absent");
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
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static void WritePlan(Utf8JsonWriter writer, BootPlan plan, BootReceipt? receipt)
    {
        writer.WriteStartObject();
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
        writer.WriteBoolean("applied", receipt is not null);
        WriteStrings(writer, "commandsLeft", receipt is null ? [] : receipt.CommandsLeft.Select(c => c.ToString()));
        writer.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter writer, string name, IEnumerable<string> values)
    {
        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);
        writer.WriteEndArray();
    }
}
