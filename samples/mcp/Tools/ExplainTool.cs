using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Mcp.Tools;

/// <summary><c>explain</c>: finds the cause of an error from the facts of the host.</summary>
/// <param name="access">The host.</param>
[McpServerToolType]
internal sealed class ExplainTool(HostAccess access)
{
    private const int LongestError = 64 * 1024;

    [McpServerTool(Name = "explain", Title = "Explain an error", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false)]
    [Description("Explains an error message about passthrough from libvirt, QEMU, Xen or the kernel, in any language, with the facts of this host: the same message has different causes "
        + "on different hosts. Changes nothing. Returns JSON: recognised, and findings with evidence and remedy; the root cause is the first one.")]
    public Task<CallToolResult> ExplainAsync(
        [Description("The complete text that was printed, or the end of the domain's log.")] string text,
        [Description("libvirt's error number, if it is known.")] int? code = null,
        [Description("The affected device, if the text does not name it. " + Arguments.Address)] string? address = null,
        [Description("The domain's name, if the text does not name it; its log on the host is then read as well.")] string? domain = null,
        CancellationToken cancellationToken = default) => Answer.OfAsync(async () =>
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > LongestError)
        {
            throw new ToolException($"text: must be the printed text, of 1 to {LongestError} characters, but has {text?.Length ?? 0}; of a long log, give the end");
        }

        ValueList<PciAddress> devices = address is null ? [] : [Arguments.ParseAddress(address)];
        var libvirt = await access.ReadLibvirtAsync(cancellationToken).ConfigureAwait(false);
        var explanation = access.Host.Explain(
            new PassthroughError { Text = text, Code = (LibvirtErrorCode?)code },
            new ExplainOptions { Devices = devices, DomainName = domain, Libvirt = libvirt });
        return Answer.Json(json =>
        {
            json.WriteBoolean("recognised", explanation.IsRecognised);
            if (!explanation.IsRecognised)
            {
                json.WriteString("hint", "The message was not recognised as a passthrough error. Give the complete text, with the end of the domain's log, or call doctor for the device.");
            }

            json.WriteSome(explanation.Findings);
        });
    });
}
