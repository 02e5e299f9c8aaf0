using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Finds the functions that vfio-pci takes by their ids, ids that were meant to be in its list but are not, and why a
/// listed function has another driver.</summary>
internal static class VfioIds
{
    private const string Parameter = "ids";
    private const string Source = "/proc/cmdline";

    /// <summary>Returns the list that the driver uses, and its source; null if there is none.</summary>
    public static Evidence? EffectiveOf(HostSystem system)
    {
        var configured = ModuleOptions.Last(system, VfioModules.Driver, Parameter) is { Value: { Length: > 0 } value } last ? new Evidence(PlaceOf(last.Directive), value) : null;
        return system.Vfio.Ids is { IsKnown: true, Value: { Length: > 0 } running } && running != configured?.Value ? new Evidence(system.Vfio.Ids.Source, running) : configured;
    }

    /// <summary>Returns whether the driver's list names a function.</summary>
    public static bool Takes(string list, PciDevice device) => VfioPciId.ParseAll(list).Any(id => id.Takes(device));

    /// <summary>
    /// Returns ids that were written for vfio-pci but never reach its list: they follow a space, are in a line that a later one
    /// replaces, or
    /// are not hexadecimal numbers.
    /// </summary>
    public static IEnumerable<(string Id, string Why, Evidence Evidence)> LostOf(HostSystem system)
    {
        var options = ModuleOptions.All(system, VfioModules.Driver).ToList();
        var lists = options.Where(option => option.Option.IsNamed(Parameter)).ToList();
        foreach (var (option, directive) in options)
        {
            var evidence = new Evidence(PlaceOf(directive), directive.ToString());
            if (option is { Value: null } && IsId(option.Name))
            {
                yield return (option.Name.Trim(','), "a space before it ends the list", evidence);
            }
            else if (option.IsNamed(Parameter))
            {
                foreach (var id in VfioPciId.ParseAll(option.Value ?? "").Where(id => !id.IsValid || !VfioPciId.IsOne(id.Text)))
                {
                    yield return (id.Text, "it is not vendor:device in hexadecimal digits", evidence);
                }
            }
        }

        // On the kernel's command line a space ends the parameter, and the rest is a separate parameter.
        if (lists.Any(list => list.Directive.Source == Source))
        {
            foreach (var stray in system.Kernel.CommandLine.Value?.Parameters.Where(parameter => parameter.Value is null && IsId(parameter.Name)) ?? [])
            {
                yield return (stray.Name.Trim(','), "a space before it ends the list", new Evidence(Source, system.Kernel.CommandLine.Value!.Text));
            }
        }

        var kept = lists.Count > 0 ? VfioPciId.ParseAll(lists[^1].Option.Value ?? "").Select(id => id.Text).ToHashSet(StringComparer.OrdinalIgnoreCase) : [];
        foreach (var (option, directive) in lists.SkipLast(1))
        {
            foreach (var id in VfioPciId.ParseAll(option.Value ?? "").Where(id => VfioPciId.IsOne(id.Text) && !kept.Contains(id.Text)))
            {
                yield return (id.Text, $"the kernel keeps only the last ids=, which is in {PlaceOf(lists[^1].Directive)}", new Evidence(PlaceOf(directive), directive.ToString()));
            }
        }
    }

    /// <summary>Returns why vfio-pci did not take a function although it was meant to; null if it was not meant to.</summary>
    public static (string Reason, string Remedy, ValueList<Evidence> Evidence)? WhyNotTaken(ReadinessContext context, PciDevice device)
    {
        if (!HostDrivers.IsInUseByHost(device))
        {
            return null;
        }

        var system = context.System;
        if (LostOf(system).FirstOrDefault(lost => VfioPciId.IsOne(lost.Id) && Takes(lost.Id, device)) is { Id: { } id } found)
        {
            return ($"vfio-pci does not take the id {id} of {device.Address}: {found.Why}", Rewrite(found.Evidence), [found.Evidence]);
        }

        if (EffectiveOf(system) is not { } list || !Takes(list.Value, device))
        {
            return null;
        }

        var order = BootOrder.Explain(system, device);
        return (
            $"{list.Source} names {device.Address} for vfio-pci, but the driver {device.Driver} took it first{order.Cause}",
            order.Remedy,
            [list, new Evidence($"/sys/bus/pci/devices/{device.Address}/driver", device.Driver!), .. order.Evidence]);
    }

    /// <summary>Returns how to correct a line of ids.</summary>
    public static string Rewrite(Evidence place) =>
        $"write all ids into one list without spaces (ids=10de:1b80,10de:10f0) in {place.Source.Split(" line ")[0]}, update the initramfs and reboot";

    /// <summary>Returns the file, with the line number if there is one.</summary>
    public static string PlaceOf(ModuleDirective directive) => directive.Line > 0 ? $"{directive.Source} line {directive.Line}" : directive.Source;

    private static bool IsId(string text) => text.Contains(':', StringComparison.Ordinal) && VfioPciId.ParseAll(text) is var ids && ids.Any() && ids.All(id => VfioPciId.IsOne(id.Text));
}
