using System.CommandLine;
using System.CommandLine.Parsing;
using Passthrough.Sdk;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli;

/// <summary>The arguments and options that several verbs take, made anew for each verb.</summary>
internal static class SharedOptions
{
    public static Option<string> Root()
    {
        var root = new Option<string>("--root")
        {
            Description = "A directory that stands for '/', a captured archive, or an lspci -xxx[x] dump",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };
        root.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
            {
                result.AddError("--root: the name is empty; give a directory, an archive or a dump, or leave the option out for this machine");
            }
        });
        return root;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON instead of text" };

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
        Description = "One or more of domain:bus:slot.function, for example 0000:01:00.0",
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
