using System.CommandLine;
using Passthrough.Sdk.Hostdev;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough rewrite</c>: reads any supported XML and writes it back.</summary>
internal static class RewriteVerb
{
    public static Command Create()
    {
        var file = XmlInput.Argument();
        var command = new Command("rewrite", "Read libvirt XML of any kind and write it back") { file };
        command.SetAction(parsed =>
        {
            // A document is printed as it is, whatever characters it has.
            using var output = new StreamWriter(Console.OpenStandardOutput());
            output.Write(LibvirtXml.Rewrite(XmlInput.Read(parsed.GetRequiredValue(file))));
            return ExitCode.Yes;
        });
        return command;
    }
}
