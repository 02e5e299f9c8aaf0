using System.CommandLine;
using System.CommandLine.Parsing;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli;

/// <summary>The arguments and options that several verbs share, created for each verb.</summary>
internal static class SharedOptions
{
    public static Option<string> Root()
    {
        var root = new Option<string>("--root")
        {
            Description = "A directory with the files of a host, a captured archive, or the output of lspci -xxx[x]",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };
        root.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("--root: the name is empty; specify a directory, an archive or a dump, or omit the option for this machine");
            }
        });
        return root;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text" };

    public static Option<string[]> Accept()
    {
        var accept = new Option<string[]>("--accept")
        {
            Description = "Continue although this finding refuses the plan; may be given several times",
            HelpName = "FINDING-ID",
            Arity = ArgumentArity.OneOrMore,
        };
        accept.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => FindingCatalog.Find(token.Value) is null))
            {
                result.AddError($"--accept: there is no finding '{token.Value}'; use an id that plan or doctor prints in brackets");
            }
        });
        return accept;
    }

    public static Option<bool> DryRun() => new("--dry-run") { Description = "Print the plan without applying it" };

    public static Option<bool> DryRunJson(Option<bool> dryRun)
    {
        var json = new Option<bool>("--json") { Description = "With --dry-run: print the plan as JSON, for passthrough apply" };
        json.Validators.Add(result =>
        {
            if (result.GetValue(json) && !result.GetValue(dryRun))
            {
                result.AddError("--json: requires --dry-run, which prints the plan without applying it");
            }
        });
        return json;
    }

    public static Option<string> Connect(string description) => new("--connect")
    {
        Description = description,
        HelpName = "URI",
    };

    public static Option<string> Domain() => new("--domain")
    {
        Description = "The domain's name",
        HelpName = "NAME",
        Required = true,
    };

    public static Argument<PciAddress> Address(string name = "ADDRESS") => new(name)
    {
        Description = "domain:bus:slot.function, for example 0000:01:00.0",
        CustomParser = result => ParseAddress(result, result.Tokens[0]),
    };

    public static Argument<PciAddress?> OptionalAddress() => new("ADDRESS")
    {
        Description = "domain:bus:slot.function, for example 0000:01:00.0",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = result => result.Tokens.Count == 0 ? null : ParseAddress(result, result.Tokens[0]),
    };

    public static Argument<PciAddress[]> Addresses() => new("ADDRESS")
    {
        Description = "One or more addresses in the form domain:bus:slot.function, for example 0000:01:00.0",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => ParseAddress(result, token))],
    };

    public static PciAddress ParseAddress(ArgumentResult result, Token token)
    {
        try
        {
            return PciAddress.Parse(token.Value);
        }
        catch (FormatException e)
        {
            result.AddError(e.Message);
            return default;
        }
    }
}
