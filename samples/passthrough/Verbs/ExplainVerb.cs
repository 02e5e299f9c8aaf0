using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough explain</c>: what is behind an error, by the facts of the host.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var text = new Argument<string>("TEXT") { Description = "What was printed, or - for stdin", HelpName = "TEXT|-" };
        var code = new Option<int?>("--code") { Description = "libvirt's error number", HelpName = "N" };
        var device = new Option<PciAddress?>("--device")
        {
            Description = "The device in question; without it those that the text names",
            HelpName = "ADDRESS",
            CustomParser = result => SharedOptions.ParseAddress(result, result.Tokens[0]),
        };
        var (root, json) = (SharedOptions.Root(), SharedOptions.Json());
        var command = new Command("explain", "Why libvirt, QEMU, Xen or the kernel said no") { text, code, root, device, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(text), parsed.GetValue(code), parsed.GetRequiredValue(root), parsed.GetValue(device), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string text, int? code, string root, PciAddress? device, bool json)
    {
        var error = new PassthroughError { Text = text == "-" ? Console.In.ReadToEnd() : text, Code = (LibvirtErrorCode?)code };
        var explanation = PassthroughHost.At(root).Explain(error, new ExplainOptions { Devices = device is { } address ? [address] : [] });
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("recognised", explanation.IsRecognised);
                writer.WriteFindings(explanation.Findings);
                writer.WriteEndObject();
            });
        }
        else if (explanation.IsRecognised)
        {
            FindingText.Write(explanation.Findings);
        }
        else
        {
            Console.WriteLine("not recognised: this is no message about passthrough that is known here; give the whole text, with the domain's log if there is one");
        }

        return explanation.IsRecognised ? ExitCode.Yes : ExitCode.No;
    }
}
