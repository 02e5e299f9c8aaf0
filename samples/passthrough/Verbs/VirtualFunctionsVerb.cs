using System.CommandLine;
using System.Globalization;
using Passthrough.Sdk;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough vf</c>: sets the number of virtual functions of a physical function.</summary>
internal static class VirtualFunctionsVerb
{
    public static Command Create()
    {
        var address = SharedOptions.Address("PF");
        var count = new Argument<int>("COUNT")
        {
            Description = "The number of virtual functions; 0 for none",
            CustomParser = result =>
            {
                if (!int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                {
                    result.AddError($"{result.Tokens[0].Value}: not a number of virtual functions (0 or more)");
                }

                return number;
            },
        };
        var (accept, dryRun) = (SharedOptions.Accept(), SharedOptions.DryRun());
        var json = SharedOptions.DryRunJson(dryRun);
        var command = new Command("vf", "Set the number of virtual functions of a physical function") { address, count, accept, dryRun, json };
        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken => RunAsync(
            parsed.GetRequiredValue(address),
            parsed.GetRequiredValue(count),
            new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] },
            parsed.GetValue(dryRun),
            parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(PciAddress function, int count, PlanOptions options, bool isDry, bool json, CancellationToken cancellationToken)
    {
        // If no libvirt answers, none of its domains owns a device; devices of another emulator show as open handles.
        var plan = await LibvirtSession.WaitAsync(
            LibvirtUri.Default,
            () => PassthroughHost.Local().PlanVirtualFunctions(function, count, LibvirtFacts.Read(LibvirtUri.Default), options),
            cancellationToken).ConfigureAwait(false);
        if (isDry)
        {
            return PlanRun.Show(plan, json);
        }

        await plan.ApplyAsync(cancellationToken: cancellationToken).ConfigureAwait(false);
        var functions = PassthroughHost.Local().Capture(CaptureOptions.DevicesOnly).Devices[function].VirtualFunctions;
        Console.WriteLine($"{function}: {functions.Count} virtual functions{(functions.IsEmpty ? "" : ": " + string.Join(' ', functions))}");
        return ExitCode.Yes;
    }
}
