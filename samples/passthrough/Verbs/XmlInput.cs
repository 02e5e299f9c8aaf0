using System.CommandLine;

namespace Passthrough.Cli.Verbs;

/// <summary>The document that <c>hostdev</c> and <c>rewrite</c> read.</summary>
internal static class XmlInput
{
    public static Argument<string> Argument() => new("FILE") { Description = "A file of libvirt XML, or - for stdin", HelpName = "FILE|-" };

    public static string Read(string file) =>
        file == "-" ? Console.In.ReadToEnd()
        : Directory.Exists(file) ? throw new IOException($"'{file}' is a directory; name a file of libvirt's XML, or - for stdin")
        : File.ReadAllText(file);
}
