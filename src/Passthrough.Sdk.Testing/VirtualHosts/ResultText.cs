namespace Passthrough.Sdk.Testing;

/// <summary>Adds the end of what a program wrote to a message.</summary>
internal static class ResultText
{
    private const int Most = 2000;

    public static string With(string message, string output, string errors) => $"{message}{Part("Its output", output)}{Part("Its errors", errors)}";

    private static string Part(string title, string text) => text.TrimEnd() switch
    {
        "" => "",
        { Length: > Most } long1 => $"\n{title} (the end):\n{long1[^Most..]}",
        var all => $"\n{title}:\n{all}",
    };
}
