using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Pop!_OS's kernelstub: a JSON file whose <c>user.kernel_options</c> it writes into systemd-boot's entry.</summary>
internal sealed class KernelstubLoader : BootLoader
{
    public const string File = "/etc/kernelstub/configuration";

    public override BootLoaderKind Kind => BootLoaderKind.Kernelstub;

    public override Fact<string> Configured(BootFiles host) => Try(File, () =>
        host.Read(File) is { } content ? string.Join(' ', Options(content).Elements.Select(e => e.Value)) : null);

    public override string Key(BootFiles host) => "kernel_options";

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        var content = plan.Read(File) ?? throw new BootException($"{File} does not exist - run kernelstub once, which writes it.");
        (var elements, var open, var end) = Options(content);
        var edit = CommandLineEdit.Compute([.. elements.Select(e => e.Value)], change);
        if (edit.IsEmpty)
        {
            return;
        }

        var text = Encoding.Latin1.GetString(content);
        string[] values = [.. elements.Select((e, i) => TextEdit.Apply(e.Value, edit.Edits[i])), .. edit.Missing.Select(p => p.Text)];
        plan.WriteText(File, Rewrite(text, elements, values, open, end));
        plan.Follow(new BootCommand("kernelstub", [], "writes the configuration into the boot entry"));
    }

    private readonly record struct Element(int Start, int End, string Value);

    private static string Rewrite(string text, List<Element> elements, string[] values, int open, int end)
    {
        // What stands between two elements is the file's own style; new ones and the ends take it over.
        var between = elements.Count > 1 ? text[elements[0].End..elements[1].Start]
            : elements.Count == 1 ? "," + text[open..elements[0].Start]
            : ", ";
        var parts = new StringBuilder();
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Length == 0 && i < elements.Count)
            {
                continue;
            }

            if (parts.Length > 0)
            {
                parts.Append(i < elements.Count && i > 0 ? text[elements[i - 1].End..elements[i].Start] : between);
            }

            parts.Append(i < elements.Count && values[i] == elements[i].Value
                ? text[elements[i].Start..elements[i].End]
                : "\"" + JsonEncodedText.Encode(values[i]) + "\"");
        }

        var first = elements.Count > 0 ? elements[0].Start : open;
        var last = elements.Count > 0 ? elements[^1].End : end;
        return string.Concat(text.AsSpan(0, first), parts.ToString(), text.AsSpan(last));
    }

    private static (List<Element> Elements, int Open, int End) Options(byte[] content)
    {
        try
        {
            return Find(content, nested: true) ?? Find(content, nested: false)
                ?? throw new BootException($"{File}: it has no list kernel_options - run kernelstub once, which writes it.");
        }
        catch (JsonException problem)
        {
            throw new BootException($"{File}: not JSON ({problem.Message}) - fix it, or let kernelstub write it again.", problem);
        }
    }

    private static (List<Element> Elements, int Open, int End)? Find(byte[] content, bool nested)
    {
        var reader = new Utf8JsonReader(content);
        var inUser = !nested;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            if (nested && reader.CurrentDepth == 1)
            {
                inUser = reader.ValueTextEquals("user");
            }

            if (!inUser || reader.CurrentDepth != (nested ? 2 : 1) || !reader.ValueTextEquals("kernel_options"))
            {
                continue;
            }

            reader.Read();
            return reader.TokenType == JsonTokenType.StartArray ? Elements(ref reader) : null;
        }

        return null;
    }

    private static (List<Element> Elements, int Open, int End)? Elements(ref Utf8JsonReader reader)
    {
        var open = (int)reader.BytesConsumed;
        var elements = new List<Element>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            elements.Add(new Element((int)reader.TokenStartIndex, (int)reader.BytesConsumed, reader.GetString()!));
        }

        return reader.TokenType == JsonTokenType.EndArray ? (elements, open, (int)reader.TokenStartIndex) : null;
    }
}
