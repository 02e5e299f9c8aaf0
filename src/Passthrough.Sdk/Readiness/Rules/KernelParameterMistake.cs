using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a kernel parameter for passthrough that has no effect as it is written.</summary>
/// <remarks><see cref="ParameterReadings"/> says how each parameter is read. Mistakes in parameters of the IOMMU are reported
/// by its own rules.</remarks>
internal sealed class KernelParameterMistake : IReadinessRule
{
    private const string Quotes = "'\u2018\u2019\u201c\u201d\u00ab\u00bb`";

    private static readonly ValueList<string> OfTheIommu = [IommuParameters.Intel, IommuParameters.Amd, IommuParameters.Generic];

    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.KernelParameterWithoutEffect,
            Severity = FindingSeverity.Warning,
            Title = "a kernel parameter for passthrough has no effect as it is written",
            Meaning =
                "The kernel silently ignores parameters that it does not know. A space splits a parameter in two (modprobe. "
                + "blacklist=NAME), quotes other than \" are part of the value, module_blacklist= and modprobe.blacklist= compare a "
                + "module's name with underscores (vfio_pci), only the last module_blacklist= counts, and parameters after -- go to "
                + "init.",
            Detection =
                "/proc/cmdline, parsed as the kernel parses it and, for module parameters and modprobe.blacklist=, as kmod parses it.",
            Remedy = "Correct the parameter in the boot configuration and reboot.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var commandLine = context.System.Kernel.CommandLine;
        if (commandLine.Value is not { } line)
        {
            yield break;
        }

        foreach (var (written, why, meant) in Mistakes(context.System, line))
        {
            yield return FindingFactory.OfHost(
                FindingIds.KernelParameterWithoutEffect,
                FindingSeverity.Warning,
                $"the kernel parameter {written} does not have the intended effect: {why}",
                (meant is null ? "" : $"write {meant} instead: ") + BootWords.Remove(context.System.Boot, written),
                new Evidence(commandLine.Source, line.Text));
        }
    }

    private static IEnumerable<(string Written, string Why, string? Meant)> Mistakes(HostSystem system, KernelCommandLine line) =>
        [.. Names(line), .. Quoted(line), .. Blacklists(line), .. BehindTheEnd(system, line)];

    private static IEnumerable<(string, string, string?)> Names(KernelCommandLine line)
    {
        for (var i = 0; i < line.Parameters.Count; i++)
        {
            var parameter = line.Parameters[i];
            var next = i + 1 < line.Parameters.Count ? line.Parameters[i + 1] : null;
            if (parameter.Value is null && parameter.Name.EndsWith('.') && next is not null && ParameterReadings.Names.Any(name => KernelNames.Same(name, parameter.Name + next.Name)))
            {
                yield return (parameter.ToString(), $"a space separates it from {next}", $"{parameter}{next}");
            }
            else if (parameter.Value is null && next is { Name: ['=', ..] or ['.', ..] } && ParameterReadings.Has(parameter.Name))
            {
                yield return (parameter.ToString(), $"a space separates it from {next}", $"{parameter}{next}");
            }
            else if (parameter is { Value: "" } && next is { Value: null } && LooksLikeValue(next.Name) && ParameterReadings.Has(parameter.Name))
            {
                yield return (parameter.ToString(), $"a space separates it from {next}", $"{parameter}{next}");
            }
            else if (!ParameterReadings.Has(Bare(parameter.Name)) && Nearest(parameter.Name) is { } meant && !OfTheIommu.Contains(meant))
            {
                yield return (parameter.ToString(), $"no parameter has the name {parameter.Name}", parameter.Value is null ? meant : $"{meant}={parameter.Value}");
            }
        }
    }

    private static IEnumerable<(string, string, string?)> Quoted(KernelCommandLine line)
    {
        foreach (var parameter in line.Parameters)
        {
            var bare = Bare(parameter.Name);
            var hasQuotes = bare != parameter.Name || (parameter.Value is { } value && Bare(value) != value);
            if (hasQuotes && ParameterReadings.Has(bare))
            {
                yield return (
                    parameter.ToString(),
                    "the kernel recognises only \" as a quote and treats other quotes as part of the text",
                    parameter.Value is null ? bare : $"{bare}={Bare(parameter.Value)}");
            }
            else if (ParameterReadings.Has(parameter.Name) && parameter.Value is { } text && text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is { Length: > 1 } words
                && words.Skip(1).FirstOrDefault(word => ParameterReadings.Has(word.Split('=')[0])) is { } swallowed)
            {
                yield return (parameter.ToString(), $"the quotes make {swallowed} part of its value", $"{parameter.Name}={text}");
            }
        }
    }

    private static IEnumerable<(string, string, string?)> Blacklists(KernelCommandLine line)
    {
        var all = line.All(ParameterReadings.ModuleBlacklist).Where(parameter => parameter.Value is not null).ToList();
        foreach (var parameter in all)
        {
            if (parameter.Options.Where(IsNeverEqual).ToList() is { Count: > 0 } never)
            {
                yield return (
                    parameter.ToString(),
                    $"the kernel compares it with the module's own name, which has underscores, and never matches {string.Join(", ", never)}",
                    $"{parameter.Name}={string.Join(',', parameter.Options.Select(KernelNames.Canonical))}");
            }
        }

        foreach (var parameter in all.SkipLast(1))
        {
            if (parameter.Options.Except(all[^1].Options, StringComparer.Ordinal).Where(name => name.Length > 0).ToList() is { Count: > 0 } lost)
            {
                yield return (
                    parameter.ToString(),
                    $"the kernel keeps only the last {ParameterReadings.ModuleBlacklist}=, without {string.Join(", ", lost)}",
                    $"{all[^1].Name}={string.Join(',', all.SelectMany(one => one.Options).Distinct())}");
            }
        }

        foreach (var directive in KmodCommandLine.Parse(line.Text, "").Where(directive => directive.Kind == ModuleDirectiveKind.Blacklist && IsNeverEqual(directive.Module)))
        {
            yield return (
                $"{ParameterReadings.ModprobeBlacklist}={directive.Module}",
                "modprobe compares it character by character with the module's name, which has underscores",
                $"{ParameterReadings.ModprobeBlacklist}={KernelNames.Canonical(directive.Module.Trim('"'))}");
        }
    }

    // Parameters that only kmod reads count there too; for a module in the kernel image nothing reads them.
    private static IEnumerable<(string, string, string?)> BehindTheEnd(HostSystem system, KernelCommandLine line)
    {
        foreach (var parameter in line.InitArguments is { } rest ? KernelCommandLine.Parse(rest).Parameters : [])
        {
            if (ParameterReadings.Has(parameter.Name) && ParameterReadings.Of(parameter.Name).Reader switch
            {
                ParameterReader.Kernel => true,
                ParameterReader.Module => system.Modules[parameter.Name.Split('.')[0]].IsBuiltIn.Value,
                _ => false,
            })
            {
                yield return (parameter.ToString(), "it is after --, so it goes to init and not to the kernel", $"{parameter} before --");
            }
        }
    }

    private static bool LooksLikeValue(string text) => text is "on" or "off" || text.AsSpan().ContainsAny(":(,");

    private static bool IsNeverEqual(string name) => name.AsSpan().ContainsAny("-\"'");

    private static string Bare(string text) => text.Trim(Quotes.ToCharArray());

    private static string? Nearest(string name)
    {
        var plain = IommuMisspelt.Plain(name);
        return plain.Length < 6 ? null : ParameterReadings.Names.FirstOrDefault(known => IommuMisspelt.IsNearly(plain, IommuMisspelt.Plain(known)));
    }
}
