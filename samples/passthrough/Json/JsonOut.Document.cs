using System.Text.Encodings.Web;
using System.Text.Json;

namespace Passthrough.Cli.Json;

/// <content>The document on stdout, which only a command line has.</content>
internal static partial class JsonOut
{
    /// <summary>Writes one document to stdout.</summary>
    public static void Write(Action<Utf8JsonWriter> content)
    {
        using var stdout = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(stdout, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            content(json);
        }

        stdout.WriteByte((byte)'\n');
    }
}
