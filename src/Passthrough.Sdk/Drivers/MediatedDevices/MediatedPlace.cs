namespace Passthrough.Sdk.Drivers;

/// <summary>The parent and the type of a mediated device as one text for the journal: names in sysfs, which contain no slash.</summary>
internal static class MediatedPlace
{
    public static string Format(string parent, string type) => $"{parent}/{type}";

    /// <exception cref="FormatException">The text of a journal's entry was changed.</exception>
    public static (string Parent, string Type) Parse(string? text) => text?.Split('/') is [{ Length: > 0 } parent, { Length: > 0 } type]
        ? (parent, type)
        : throw new FormatException($"'{text}' is not a parent and a type of a mediated device (PARENT/TYPE)");
}
