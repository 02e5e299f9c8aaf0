using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough explain</c>: finds the cause of an error from the facts of the host.</summary>
internal static class ExplainVerb
{
    public static Command Create()
    {
        var text = new Argument<string>("TEXT") { Description = "The printed text, or - for stdin", HelpName = "TEXT|-" };
        var code = new Option<int?>("--code") { Description = "libvirt's error number", HelpName = "N" };
        var device = new Option<PciAddress?>("--device")
        {
            Description = "The affected device; the default is the devices that the text names",
            HelpName = "ADDRESS",
            CustomParser = result => SharedOptions.ParseAddress(result, result.Tokens[0]),
        };
        var (root, json) = (SharedOptions.Root(), SharedOptions.Json());
        var command = new Command("explain", "Explain an error of libvirt, QEMU, Xen or the kernel") { text, code, root, device, json };
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
            Console.WriteLine("not recognised: the message was not recognised as a passthrough error; specify the complete text, with the domain's log if there is one");
        }

        return explanation.IsRecognised ? ExitCode.Yes : ExitCode.No;
    }
}
