using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Boot.Modules;

/// <summary>Finds the lines of modprobe.d that prevent a module from being loaded, and disables them.</summary>
/// <remarks>
/// modprobe.d(5): <c>blacklist NAME</c>, and <c>install NAME /bin/false</c>; read as <see cref="KernelModules.Configuration"/> is,
/// so that the lines that are reported are those that are disabled. A file in /etc hides the one of the same name in /run and /usr/lib,
/// which is how a vendor's file is overridden.
/// </remarks>
internal static class ModprobeBlacklist
{
    /// <summary>Returns the lines that prevent a module from being loaded.</summary>
    public static IEnumerable<ModuleDirective> Find(BootDraftBuilder plan, string module)
    {
        foreach (var path in ModprobeConfiguration.InForce(ModprobeConfiguration.Directories.SelectMany(d => plan.Host.List(d, ".conf"))))
        {
            foreach (var directive in ModprobeConfiguration.Parse(plan.ReadText(path) ?? "", path))
            {
                if (directive.Module == KernelNames.Canonical(module) && (directive.Kind == ModuleDirectiveKind.Blacklist || directive.PreventsLoading))
                {
                    yield return directive;
                }
            }
        }
    }

    /// <summary>Comments the lines out: exactly those, in the file that has them, or in one of /etc that hides it.</summary>
    public static void Lift(BootDraftBuilder plan, string module)
    {
        foreach (var file in Find(plan, module).ToArray().GroupBy(directive => directive.Source))
        {
            var lines = plan.ReadText(file.Key)!.Split('\n');
            foreach (var directive in file)
            {
                var text = lines[directive.Line - 1];
                if (text.TrimEnd('\r').EndsWith('\\'))
                {
                    throw new BootUncertainException(file.Key, directive.Line, text, "the line continues on the next line");
                }

                lines[directive.Line - 1] = "#" + text;
            }

            var path = $"{ModprobeConfiguration.Directories[0]}/{Path.GetFileName(file.Key)}";
            plan.WriteText(path, string.Join('\n', lines));
            plan.Because($"{module} is blacklisted in {file.Key}: the line is commented out.");
        }
    }
}
