using System.CommandLine;
using System.CommandLine.Parsing;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli;

/// <summary>The domains of <c>assign</c>, <c>plan</c> and <c>release</c>: one with the addresses that are named, and further ones with <c>--also</c>.</summary>
/// <param name="addresses">The argument of the verb with the devices of the first domain.</param>
internal sealed class DomainOptions(Argument<PciAddress[]> addresses)
{
    private readonly Option<string> _domain = SharedOptions.Domain();
    private readonly Option<Further[]> _also = new("--also")
    {
        Description = "A further domain with its devices in the same plan, which changes all domains or none; may be given several times",
        HelpName = "NAME=ADDRESS[,ADDRESS...]",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Parse(result, token)).OfType<Further>()],
    };

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        command.Add(_domain);
        command.Add(_also);
        command.Validators.Add(Check);
    }

    /// <summary>Returns whether further domains are named.</summary>
    public bool AreSeveral(CommandResult result) => result.GetResult(_also) is not null;

    /// <summary>Returns the names of the domains, the first one first.</summary>
    public IReadOnlyList<string> NamesOf(ParseResult parsed) => [parsed.GetRequiredValue(_domain), .. FurtherOf(parsed).Select(further => further.Domain)];

    /// <summary>Makes the plan for the domains: for several, one that changes all or none.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="domains">The domains, in the order of <see cref="NamesOf"/>.</param>
    /// <param name="makeRequest">Returns the request for one domain and its devices.</param>
    /// <param name="options">The options for the plan.</param>
    public Plan Make(ParseResult parsed, IReadOnlyList<ILibvirtDomain> domains, Func<ILibvirtDomain, PciAddress[], DomainRequest> makeRequest, PlanOptions options)
    {
        var host = PassthroughHost.Local();
        PciAddress[][] devices = [parsed.GetRequiredValue(addresses), .. FurtherOf(parsed).Select(further => further.Devices)];
        DomainRequest[] requests = [.. domains.Zip(devices, makeRequest)];
        return requests switch
        {
            [{ Assignment: { } assignment } only] => host.Plan(assignment, only.Domain, options),
            [var only] => host.PlanRelease(only.Release!, only.Domain, options),
            _ => host.PlanTogether(requests, options),
        };
    }

    private void Check(CommandResult result)
    {
        if (result.GetResult(_also) is { } also)
        {
            string?[] names = [result.GetValue(_domain), .. also.Tokens.Select(token => Split(token.Value)?.Name)];
            if (names.GroupBy(name => name).FirstOrDefault(same => same.Key is not null && same.Count() > 1) is { Key: { } twice })
            {
                result.AddError($"--also: {twice} is named twice; name all its devices at once");
            }
        }
    }

    private Further[] FurtherOf(ParseResult parsed) => parsed.GetValue(_also) ?? [];

    // A domain's name may contain an equals sign, an address may not.
    private static (string Name, string Devices)? Split(string text) =>
        text.LastIndexOf('=') is > 0 and var sign && sign < text.Length - 1 ? (text[..sign], text[(sign + 1)..]) : null;

    private static Further? Parse(ArgumentResult result, Token token)
    {
        if (Split(token.Value) is not { } parts)
        {
            result.AddError($"--also: '{token.Value}' does not name a domain and its devices; write it as NAME=ADDRESS, for example vm2=0000:02:00.0");
            return null;
        }

        var devices = new List<PciAddress>();
        foreach (var text in parts.Devices.Split(','))
        {
            if (!PciAddress.TryParse(text, out var device))
            {
                result.AddError($"--also: '{text}' is not a PCI address; write it as domain:bus:slot.function, for example 0000:02:00.0");
                return null;
            }

            devices.Add(device);
        }

        return new(parts.Name, [.. devices]);
    }

    private sealed record Further(string Domain, PciAddress[] Devices);
}
