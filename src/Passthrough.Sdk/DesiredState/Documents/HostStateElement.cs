using System.Globalization;
using System.Text.Json;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>A value of the document with its place. Every fault names both.</summary>
/// <param name="Value">The value.</param>
/// <param name="Path">Its place.</param>
internal readonly record struct HostStateElement(JsonElement Value, string Path)
{
    /// <summary>Returns the properties of an object, of which none may be unknown or given twice.</summary>
    public IReadOnlyDictionary<string, HostStateElement> Object(params string[] known)
    {
        Require(JsonValueKind.Object, "an object");
        var found = new Dictionary<string, HostStateElement>(StringComparer.Ordinal);
        foreach (var property in Value.EnumerateObject())
        {
            var name = Understood(() => property.Name);
            var element = new HostStateElement(property.Value, $"{Path}.{name}");
            if (!known.Contains(name))
            {
                throw element.Fault($"there is no property '{name}' here; correct its name, or remove it (known: {string.Join(", ", known)})");
            }

            if (!found.TryAdd(name, element))
            {
                throw element.Fault("the property is given twice; remove one of the two");
            }
        }

        return found;
    }

    /// <summary>Returns the elements of a list.</summary>
    public ValueList<T> List<T>(Func<HostStateElement, T> read)
    {
        Require(JsonValueKind.Array, "a list");
        var path = Path;
        return [.. Value.EnumerateArray().Select((item, index) => read(new(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]"))))];
    }

    public string Text()
    {
        Require(JsonValueKind.String, "a text");
        return Understood(Value.GetString)!;
    }

    public bool Truth() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Fault("this is not true or false; write one of the two, without quotes");

    public int Number() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt32(out var number)
        ? number
        : throw Fault("this is not a whole number; write one without quotes");

    /// <summary>Returns what a text stands for.</summary>
    /// <param name="parse">Returns null for a text that stands for nothing.</param>
    /// <param name="what">What it should be, with an example.</param>
    public T Parsed<T>(Func<string, T?> parse, string what)
        where T : struct => parse(Text()) ?? throw Fault($"'{Text()}' is not {what}");

    public HostStateException Fault(string reason, Exception? cause = null) => new(Path, Value.ValueKind == JsonValueKind.Undefined ? null : Value.GetRawText(), reason, cause);

    // JSON can escape half of a surrogate pair. It is noticed only when the text is read.
    private T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw Fault("it contains half of a surrogate pair (\\ud800 to \\udfff), which is not a character; remove it, or write both halves", e);
        }
    }

    private void Require(JsonValueKind kind, string name)
    {
        if (Value.ValueKind != kind)
        {
            throw Fault($"this is not {name}; see docs/desired-state.md for the fields of a document");
        }
    }
}
