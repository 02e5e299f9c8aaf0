using System.CommandLine;
using System.Globalization;
using Passthrough.Sdk;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough vf</c>: sets the number of virtual functions of a physical function, and their settings.</summary>
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
        var noProbing = new Option<bool>("--no-autoprobe") { Description = "Let the host bind no driver to virtual functions, because they are meant for guests" };
        var probing = new Option<bool>("--autoprobe") { Description = "Let the host bind its drivers to virtual functions again" };
        var settings = VirtualFunctionOption.Create();
        var command = new Command("vf", "Set the number of virtual functions of a physical function, and their settings") { address, count, noProbing, probing, settings, accept, dryRun, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(noProbing) && result.GetValue(probing))
            {
                result.AddError("--no-autoprobe and --autoprobe exclude each other; use one of them");
            }
        });
        command.SetAction((parsed, _) => Interruption.RunAsync(cancellationToken => RunAsync(
            parsed.GetRequiredValue(address),
            new VirtualFunctionRequest
            {
                Count = parsed.GetRequiredValue(count),
                ProbesDrivers = parsed.GetValue(noProbing) ? false : parsed.GetValue(probing) ? true : null,
                Settings = [.. parsed.GetValue(settings) ?? []],
            },
            new PlanOptions { Accepted = [.. parsed.GetValue(accept) ?? []] },
            parsed.GetValue(dryRun),
            parsed.GetValue(json),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(PciAddress function, VirtualFunctionRequest request, PlanOptions options, bool isDry, bool json, CancellationToken cancellationToken)
    {
        // If no libvirt answers, none of its domains owns a device; devices of another emulator show as open handles.
        var plan = await LibvirtSession.WaitAsync(
            LibvirtUri.Default,
            () => PassthroughHost.Local().PlanVirtualFunctions(function, request, LibvirtFacts.Read(LibvirtUri.Default), options),
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
