using Passthrough.Sdk.Host.Modules;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>What the configuration of modprobe and the kernel's command line say of a module's parameter.</summary>
internal static class ModuleOptions
{
    /// <summary>A parameter that is on or off, the last word winning; null where nothing speaks of it.</summary>
    public static (bool IsOn, ModuleDirective Directive)? Flag(ModuleStatus module, string parameter)
    {
        (bool, ModuleDirective)? result = null;
        foreach (var (value, directive) in Values(module, parameter))
        {
            // A flag without a value is on, as the kernel reads it.
            result = value is "" or "1" or "y" or "Y" or "on" or "true" ? (true, directive) : (false, directive);
        }

        return result;
    }

    /// <summary>Every value that a parameter is given, with the line that gives it.</summary>
    public static IEnumerable<(string Value, ModuleDirective Directive)> Values(ModuleStatus module, string parameter)
    {
        foreach (var directive in module.Options)
        {
            foreach (var word in directive.Argument.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            {
                var parts = word.Split('=', 2);
                if (parts[0] == parameter)
                {
                    yield return (parts.Length > 1 ? parts[1].Trim('"') : "", directive);
                }
            }
        }
    }
}
