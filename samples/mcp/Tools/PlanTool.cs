using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Mcp.Tools;

/// <summary><c>plan</c>: shows what an assignment would do. Nothing here can apply it.</summary>
/// <param name="access">The host.</param>
[McpServerToolType]
internal sealed class PlanTool(HostAccess access)
{
    private const int MostDevices = 16;
    private const int LongestPlan = 16 * 1024;

    [McpServerTool(Name = "plan", Title = "Show what an assignment would do", ReadOnly = true, Destructive = false, Idempotent = true, OpenWorld = false)]
    [Description("Shows every step of assigning devices to a domain, with its undo and the command that does the same by hand, and the findings that refuse it. Only shows it: nothing is applied. "
        + "Works for this machine, not for a captured host.")]
    public Task<CallToolResult> PlanAsync(
        [Description("The devices. " + Arguments.Address)] string[] addresses,
        [Description("The domain's name in libvirt.")] string domain,
        [Description("Assign all functions of each card.")] bool wholeCards = false,
        [Description("Assign the other devices of each IOMMU group too.")] bool wholeGroups = false,
        [Description("What is changed: both (the running guest and the definition, the default), live or definition.")] string? scope = null,
        [Description("The form of the answer: text (the default) or json, which 'passthrough apply' accepts.")] string? format = null,
        CancellationToken cancellationToken = default) => Answer.OfAsync(async () =>
    {
        if (addresses is null || addresses.Length is < 1 or > MostDevices)
        {
            throw new ToolException($"addresses: name 1 to {MostDevices} devices; inventory lists the addresses");
        }

        if (string.IsNullOrEmpty(domain))
        {
            throw new ToolException("domain: the name is empty; give the name of a domain (virsh list --all)");
        }

        if (!access.Host.IsLocal)
        {
            throw new ToolException($"a plan is made for the machine itself, but this server reads {access.Host.Source}; start it without --root on the host, or use doctor");
        }

        var request = new AssignmentRequest(addresses.Select(Arguments.ParseAddress))
        {
            WholeCards = wholeCards,
            WholeGroups = wholeGroups,
            Scope = Arguments.OneOf("scope", scope, "both", "live", "definition") switch
            {
                "live" => AssignmentScope.Live,
                "definition" => AssignmentScope.Definition,
                _ => AssignmentScope.Both,
            },
        };
        var isJson = Arguments.OneOf("format", format, "text", "json") == "json";
        return await access.AskAsync(domain, guest => Show(access.Host.Plan(request, guest), isJson), cancellationToken).ConfigureAwait(false);
    });

    private static string Show(Plan plan, bool isJson)
    {
        var text = isJson ? Answer.Escaped(plan.ToJson()) : $"{Answer.Notice}\n\n{Answer.Plain(plan.ToString(), LongestPlan)}";
        return text.Length > LongestPlan && isJson
            ? throw new ToolException($"the plan as JSON has {text.Length} characters, more than the {LongestPlan} of an answer; ask for the text, or run 'passthrough plan --json'")
            : text;
    }
}
