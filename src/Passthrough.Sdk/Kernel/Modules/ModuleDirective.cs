namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>A line of the modprobe configuration, or the equivalent on the kernel command line.</summary>
/// <param name="Kind">The kind of the line.</param>
/// <param name="Module">
/// The module, with underscores, or for an alias or install line its pattern. A name in <c>module_blacklist=</c> or
/// <c>modprobe.blacklist=</c> is kept as written, because the kernel and kmod compare it in this form.
/// </param>
/// <param name="Argument">
/// The text that follows the module: a command, options, dependencies; empty for a blacklist line; the whole line if its
/// first word is not known.
/// </param>
/// <param name="Source">The file, or <c>/proc/cmdline</c>.</param>
/// <param name="Line">The line in that file, from 1; 0 for the command line.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ModuleDirective(ModuleDirectiveKind Kind, string Module, string Argument, string Source, int Line)
{
    /// <summary>
    /// Gets whether this prevents the module from being loaded by its name, regardless of other configuration: <c>module_blacklist=</c>, an install line
    /// whose command cannot load it (<c>/bin/false</c>, <c>/bin/true</c> and similar), an alias line that redirects the name to another
    /// module or none.
    /// </summary>
    public bool PreventsLoading => Kind switch
    {
        ModuleDirectiveKind.KernelBlacklist => true,
        ModuleDirectiveKind.Install => Argument is "false" or "true" or ":" or "exit 0" or "exit 1"
            || (Argument.Split(' ', 2)[0] is var command && (command.EndsWith("/false", StringComparison.Ordinal)
                || command.EndsWith("/true", StringComparison.Ordinal) || command == "/dev/null")),
        ModuleDirectiveKind.Alias => KernelNames.Canonical(Argument.Split([' ', '\t'], 2)[0]) != Module,
        _ => false,
    };

    /// <summary>Returns the line as written in a file.</summary>
    public override string ToString() => Kind switch
    {
        ModuleDirectiveKind.KernelBlacklist => $"module_blacklist={Module}",
        ModuleDirectiveKind.Unrecognized => Argument,
        ModuleDirectiveKind.SoftDependency => $"softdep {Module} {Argument}".TrimEnd(),
        _ => $"{Kind.ToString().ToLowerInvariant()} {Module} {Argument}".TrimEnd(),
    };
}
