using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Passthrough.Sdk.Testing;

/// <summary>What a method in a virtual host answers, as a line of JSON.</summary>
/// <param name="Value">The text that it returned.</param>
/// <param name="Type">The full name of the exception's type; null if there was none.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="Text">The whole exception as text.</param>
internal sealed record MethodAnswer(string? Value, string? Type, string? Message, string? Text)
{
    public static string OfValue(string? value) => Write(new(value, null, null, null));

    public static string OfException(Exception exception) =>
        Write(new(null, exception.GetType().FullName, exception.Message, exception.ToString()));

    /// <summary>Reads an answer; null if the text is not an answer.</summary>
    public static MethodAnswer? Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return new(Part("value"), Part("type"), Part("message"), Part("text"));

            string? Part(string name) => root.GetProperty(name).GetString();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static string WriteArguments(IEnumerable<string> arguments) => Json(writer =>
    {
        writer.WriteStartArray();
        foreach (var argument in arguments)
        {
            writer.WriteStringValue(argument);
        }

        writer.WriteEndArray();
    });

    public static IReadOnlyList<string> ReadArguments(string text)
    {
        using var document = JsonDocument.Parse(text);
        return [.. document.RootElement.EnumerateArray().Select(each => each.GetString()!)];
    }

    private static string Write(MethodAnswer answer) => Json(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("value", answer.Value);
        writer.WriteString("type", answer.Type);
        writer.WriteString("message", answer.Message);
        writer.WriteString("text", answer.Text);
        writer.WriteEndObject();
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
