namespace Passthrough.Cli;

/// <summary>Reads a file, or stdin.</summary>
internal static class TextInput
{
    /// <summary>Reads the text.</summary>
    /// <param name="file">The file, or <c>-</c> for stdin.</param>
    /// <param name="what">What it should contain.</param>
    public static string Read(string file, string what) =>
        file == "-" ? Console.In.ReadToEnd()
        : Directory.Exists(file) ? throw new IOException($"'{file}' is a directory; specify a file with {what}, or - for stdin")
        : File.ReadAllText(file);
}
