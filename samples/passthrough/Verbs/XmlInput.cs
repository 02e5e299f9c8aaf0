using System.CommandLine;

namespace Passthrough.Cli.Verbs;

/// <summary>Reads the document for <c>hostdev</c> and <c>rewrite</c>.</summary>
internal static class XmlInput
{
    public static Argument<string> Argument() => new("FILE") { Description = "A file of libvirt XML, or - for stdin", HelpName = "FILE|-" };

    public static string Read(string file) => TextInput.Read(file, "libvirt XML");
}
