using System.CommandLine;

namespace Passthrough.Cli.Verbs;

/// <summary>The document that <c>hostdev</c> and <c>rewrite</c> read.</summary>
internal static class XmlInput
{
    public static Argument<string> Argument() => new("FILE") { Description = "A file of libvirt XML, or - for stdin", HelpName = "FILE|-" };

    public static string Read(string file) => file == "-" ? Console.In.ReadToEnd() : File.ReadAllText(file);
}
