using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>The facts about a host's next boot from its files: the loader in use, the configured command line, and where it is configured.</summary>
/// <remarks>
/// This is part of a snapshot and contains only facts: rules compare them with the running command line (/proc/cmdline). A change
/// requires a plan (<see cref="PassthroughHost.PlanBoot"/>), which reads the files again. Thread safety: immutable.
/// </remarks>
public sealed record BootStatus
{
    /// <summary>Gets the boot loader or tool that holds the configured command line; <see cref="BootLoaderKind.Unknown"/> if this is not certain.</summary>
    public BootLoaderKind Loader { get; init; }

    /// <summary>
    /// Gets the evidence for and against each loader, with its source: first the evidence from the running kernel (its command line,
    /// the loader's EFI variables, the firmware's boot entry), then files. Evidence is unknown if its source could not be read.
    /// </summary>
    public ValueList<Fact<string>> Evidence { get; init; } = [];

    /// <summary>
    /// Gets the command line that is configured for the next boot, without the parameters that the loader itself adds. Unknown if a
    /// file computes it (the reason names the line), if a file may not be read, or if no loader was recognised.
    /// </summary>
    public Fact<string> Configured { get; init; }

    /// <summary>
    /// Gets the command line in the generated file that the loader reads (grub.cfg, extlinux.conf). It is older than
    /// <see cref="Configured"/> if the settings were edited and the generator was not run. Absent if the file does not exist, or if it
    /// cannot be determined.
    /// </summary>
    public Fact<string> Generated { get; init; }

    /// <summary>Gets every configured parameter with its place, in the order of the command line; empty if <see cref="Configured"/> is not known.</summary>
    public ValueList<BootParameterPlace> Places { get; init; } = [];

    /// <summary>Gets the parameters in files that only other loaders read: they never reach the kernel.</summary>
    public ValueList<BootParameterPlace> Elsewhere { get; init; } = [];

    /// <summary>Gets the setting that contains the command line in the first of <see cref="Files"/>: a shell variable, <c>options</c>, <c>append</c>; null if the whole file is a command line.</summary>
    public string? Key { get; init; }

    /// <summary>Gets the files to which a new parameter must be added; empty if a command does everything, or if they are not known.</summary>
    public ValueList<string> Files { get; init; } = [];

    /// <summary>Gets the commands to run after a change of the files, in order (<c>update-grub</c>); empty if none is needed.</summary>
    public ValueList<BootCommand> Commands { get; init; } = [];

    /// <summary>
    /// Gets the reason why a parameter cannot be added with certainty: the line that prevents it, or the possible loaders if the evidence does not
    /// decide, each with its file and command. Null if a parameter can be added, and if the boot configuration was not read.
    /// </summary>
    public string? Obstacle { get; init; }

    /// <summary>
    /// Gets the reason why a parameter cannot be removed with certainty; null if it can, and if the boot configuration was not
    /// read.
    /// </summary>
    public string? RemovalObstacle { get; init; }

    /// <summary>Returns the place of the last parameter with a name, which is the one that counts; null if it is not configured.</summary>
    /// <param name="name">The name; dash and underscore are equal.</param>
    public BootParameterPlace? PlaceOf(string name) => Places.LastOrDefault(place => place.Parameter.IsNamed(name));
}
