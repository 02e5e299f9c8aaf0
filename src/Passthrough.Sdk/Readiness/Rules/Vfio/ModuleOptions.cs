using Passthrough.Sdk.Host;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reads what the configuration of modprobe and the kernel's command line set for a module's parameter.</summary>
/// <remarks>
/// modprobe passes all options that it finds to the kernel, first those of the files, then those of the command line, and the kernel keeps
/// the last value of a parameter (kernel/params.c). For a module in the kernel image only the command line counts.
/// </remarks>
internal static class ModuleOptions
{
    private const string CommandLine = "/proc/cmdline";

    /// <summary>Returns a parameter that is on or off; the last occurrence counts. Null if nothing sets it.</summary>
    public static (bool IsOn, ModuleDirective Directive)? Flag(HostSystem system, string module, string parameter) =>
        Last(system, module, parameter) is { } last ? (IsOn(last.Value) ?? false, last.Directive) : null;

    /// <summary>Returns whether the kernel reads a value as yes or no; null if it is neither, and the kernel then refuses the
    /// module.</summary>
    /// <remarks>Source: lib/kstrtox.c, kstrtobool, which checks the first letter, and the second one of on and off; a flag
    /// without a value means yes.</remarks>
    public static bool? IsOn(string? value) => value switch
    {
        null => true,
        ['y' or 'Y' or 't' or 'T' or 'e' or 'E' or '1', ..] => true,
        ['n' or 'N' or 'f' or 'F' or 'd' or 'D' or '0', ..] => false,
        ['o' or 'O', 'n' or 'N', ..] => true,
        ['o' or 'O', 'f' or 'F', ..] => false,
        _ => null,
    };

    /// <summary>Returns the value that the module finally has, with the line that sets it; null if nothing sets one.</summary>
    public static (string? Value, ModuleDirective Directive)? Last(HostSystem system, string module, string parameter)
    {
        (string?, ModuleDirective)? last = null;
        foreach (var value in Values(system, module, parameter))
        {
            last = value;
        }

        return last;
    }

    /// <summary>Returns every value that is set for a parameter, in the order in which the kernel receives them, with the line
    /// that sets it.</summary>
    public static IEnumerable<(string? Value, ModuleDirective Directive)> Values(HostSystem system, string module, string parameter) =>
        All(system, module).Where(option => option.Option.IsNamed(parameter)).Select(option => (option.Option.Value, option.Directive));

    /// <summary>Returns every option that is set for a module, in the order in which the kernel receives them, with the line
    /// that sets it.</summary>
    public static IEnumerable<(KernelParameter Option, ModuleDirective Directive)> All(HostSystem system, string module)
    {
        var status = system.Modules[module];
        return status.IsBuiltIn.Value
            ? InImage(system, status.Name)
            : status.Options.SelectMany(directive => KernelCommandLine.Parse(directive.Argument).Parameters, (directive, option) => (option, directive));
    }

    private static IEnumerable<(KernelParameter Option, ModuleDirective Directive)> InImage(HostSystem system, string module)
    {
        foreach (var parameter in system.Kernel.CommandLine.Value?.Parameters ?? [])
        {
            var dot = parameter.Name.IndexOf('.', StringComparison.Ordinal);
            if (dot > 0 && KernelNames.Same(parameter.Name.AsSpan(0, dot), module))
            {
                var option = parameter with { Name = parameter.Name[(dot + 1)..] };
                yield return (option, new ModuleDirective(ModuleDirectiveKind.Options, module, option.ToString(), CommandLine, 0));
            }
        }
    }
}
