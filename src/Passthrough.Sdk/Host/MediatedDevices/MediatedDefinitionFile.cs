using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>Reads and writes the text of mdevctl's files.</summary>
/// <remarks>
/// The text is the one that mdevctl 1.2.0 writes: two blanks for each level, <c>mdev_type</c>, <c>start</c>, <c>attrs</c> in this order,
/// and no line feed at the end. mdevctl lists no device at all if one file has another form, so nothing else is written.
/// </remarks>
internal static class MediatedDefinitionFile
{
    public const string Directory = "/etc/mdevctl.d";

    /// <summary>The directory of mdevctl's own scripts, which lies among those of the parents.</summary>
    public const string Scripts = "scripts.d";

    private const string Automatic = "auto";
    private const string Manual = "manual";

    // mdevctl escapes what JSON requires and nothing else.
    private static readonly JsonWriterOptions Format = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The file of a device.</summary>
    public static string PathOf(string parent, Guid uuid) => $"{Directory}/{parent}/{uuid:D}";

    /// <summary>Reads a file.</summary>
    /// <param name="parent">The name of its directory.</param>
    /// <param name="uuid">Its name.</param>
    /// <param name="text">Its content.</param>
    /// <param name="definition">The definition; null on failure.</param>
    /// <param name="reason">Why the content is no definition, in a few words; null on success.</param>
    public static bool TryParse(
        string parent, Guid uuid, string text, [NotNullWhen(true)] out MediatedDefinition? definition, [NotNullWhen(false)] out string? reason)
    {
        definition = null;
        try
        {
            using var json = JsonDocument.Parse(text);
            reason = Read(parent, uuid, json.RootElement, out definition);
        }
        catch (JsonException e)
        {
            reason = $"it is not JSON ({e.Message})";
        }

        return definition is not null;
    }

    /// <summary>Returns the text of a definition's file.</summary>
    public static string Write(MediatedDefinition definition)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Format))
        {
            json.WriteStartObject();
            json.WriteString("mdev_type", definition.Type);
            json.WriteString("start", definition.IsAutomatic ? Automatic : Manual);
            json.WriteStartArray("attrs");
            foreach (var (name, value) in definition.Attributes)
            {
                json.WriteStartObject();
                json.WriteString(name, value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            foreach (var (name, value) in definition.Others)
            {
                json.WritePropertyName(name);
                using var other = JsonDocument.Parse(value);
                other.RootElement.WriteTo(json);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    // Returns what is wrong, in the words of whoever has to fix it; null on success.
    private static string? Read(string parent, Guid uuid, JsonElement root, out MediatedDefinition? definition)
    {
        definition = null;
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "it is not a JSON object";
        }

        string? type = null, start = null;
        var attributes = new List<KeyValuePair<string, string>>();
        var others = new List<KeyValuePair<string, string>>();
        foreach (var member in root.EnumerateObject())
        {
            switch (member.Name)
            {
                case "mdev_type" when member.Value.ValueKind == JsonValueKind.String:
                    type = member.Value.GetString();
                    break;
                case "start" when member.Value.ValueKind == JsonValueKind.String:
                    start = member.Value.GetString();
                    break;
                case "mdev_type" or "start":
                    return $"'{member.Name}' is not a string";
                case "attrs" when member.Value.ValueKind == JsonValueKind.Null:
                    break;
                case "attrs":
                    if (!TryReadAttributes(member.Value, attributes))
                    {
                        return "'attrs' is not a list of objects with one string each";
                    }

                    break;
                default:
                    others.Add(new(member.Name, member.Value.GetRawText()));
                    break;
            }
        }

        if (string.IsNullOrEmpty(type) || start is null)
        {
            return string.IsNullOrEmpty(type) ? "it has no 'mdev_type'" : "it has no 'start'";
        }

        definition = new()
        {
            Parent = parent,
            Uuid = uuid,
            Type = type,
            IsAutomatic = start == Automatic,
            Attributes = attributes.ToValueList(),
            Others = others.ToValueList(),
        };
        return null;
    }

    private static bool TryReadAttributes(JsonElement list, List<KeyValuePair<string, string>> attributes)
    {
        if (list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                return false;
            }

            var count = 0;
            foreach (var member in item.EnumerateObject())
            {
                if (++count > 1 || member.Value.ValueKind != JsonValueKind.String)
                {
                    return false;
                }

                attributes.Add(new(member.Name, member.Value.GetString()!));
            }

            if (count == 0)
            {
                return false;
            }
        }

        return true;
    }
}
