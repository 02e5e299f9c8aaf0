using System.CommandLine;
using System.Globalization;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough vf</c>: how many virtual functions a physical function has.</summary>
internal static class VirtualFunctionsVerb
{
    public static Command Create()
    {
        var address = SharedOptions.Address("PF");
        var count = new Argument<int>("COUNT")
        {
            Description = "How many it is to have; 0: none",
            CustomParser = result =>
            {
                if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    result.AddError($"{result.Tokens[0].Value}: not a number of virtual functions (0 or more)");
                }

                return number;
            },
        };
        var command = new Command("vf", "Set how many virtual functions a physical function has") { address, count };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(address), parsed.GetRequiredValue(count), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(PciAddress function, int count, CancellationToken cancellationToken)
    {
        // Where no libvirt answers no domain of its owns a device; another emulator's show as open handles.
        var plan = PassthroughHost.Local().PlanVirtualFunctions(function, count, LibvirtFacts.Read(LibvirtUri.Default));
        var functions = await plan.ApplyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        Console.WriteLine($"{function}: {functions.Length} virtual functions{(functions.IsEmpty ? "" : ": " + string.Join(' ', functions))}");
        return ExitCode.Yes;
    }
}
