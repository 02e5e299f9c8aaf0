namespace Passthrough.Sdk.Host.Modules;

/// <summary>A line of the modprobe configuration, or its like on the kernel command line.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Module">The module, with underscores, or for an alias its pattern.</param>
/// <param name="Argument">What follows the module: a command, options, dependencies; empty for a blacklist line.</param>
/// <param name="Source">The file, or <c>/proc/cmdline</c>.</param>
/// <param name="Line">The line in that file, from 1; 0 for the command line.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ModuleDirective(ModuleDirectiveKind Kind, string Module, string Argument, string Source, int Line)
{
    /// <summary>Whether this is an install line whose command cannot load the module: <c>/bin/false</c>, <c>/bin/true</c> and their like.</summary>
    public bool PreventsLoading => Kind switch
    {
        ModuleDirectiveKind.KernelBlacklist => true,
        ModuleDirectiveKind.Install => Argument is "false" or "true" or ":" or "exit 0" or "exit 1"
            || (Argument.Split(' ', 2)[0] is var command && (command.EndsWith("/false", StringComparison.Ordinal)
                || command.EndsWith("/true", StringComparison.Ordinal) || command == "/dev/null")),
        _ => false,
    };

    /// <summary>The line, as it would stand in a file.</summary>
    public override string ToString() => Kind == ModuleDirectiveKind.KernelBlacklist
        ? $"module_blacklist={Module}"
        : $"{Kind.ToString().ToLowerInvariant()} {Module} {Argument}".TrimEnd();
}
