using System.Collections.Immutable;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>What a host's files say of its next boot: which loader is in charge, which command line is configured, and where.</summary>
/// <remarks>
/// Facts only, part of a snapshot: verdicts set them against the command line that runs (/proc/cmdline). To change anything
/// takes a plan (<see cref="PassthroughHost.PlanBoot"/>), which looks again. Thread safety: immutable.
/// </remarks>
public sealed record BootStatus
{
    /// <summary>What holds the configured command line; <see cref="BootLoaderKind.Unknown"/> when that is not certain.</summary>
    public BootLoaderKind Loader { get; init; }

    /// <summary>
    /// Gets what speaks for and against each loader, with its source: what the running kernel shows (its command line, the
    /// loader's EFI variables, the firmware's boot entry), then files. Unknown where a source could not be read.
    /// </summary>
    public ImmutableArray<Fact<string>> Evidence { get; init; } = [];

    /// <summary>
    /// The command line that is configured for the next boot, without what the loader adds itself. Unknown where a file
    /// computes it (the reason names the line), may not be read, or where no loader was recognised.
    /// </summary>
    public Fact<string> Configured { get; init; }

    /// <summary>
    /// The command line in the generated file that the loader reads (grub.cfg, extlinux.conf): it lags behind
    /// <see cref="Configured"/> where somebody edited the settings and did not run the generator. Absent where there is no
    /// such file, or none that can be told.
    /// </summary>
    public Fact<string> Generated { get; init; }

    /// <summary>Every configured parameter with its place, in the order of the command line; empty where <see cref="Configured"/> is not known.</summary>
    public ImmutableArray<BootParameterPlace> Places { get; init; } = [];

    /// <summary>Parameters in files that other loaders read and this host's does not: they never reach the kernel.</summary>
    public ImmutableArray<BootParameterPlace> Elsewhere { get; init; } = [];

    /// <summary>What holds the command line in the first of <see cref="Files"/>: a shell variable, <c>options</c>, <c>append</c>; null where the file is nothing else.</summary>
    public string? Key { get; init; }

    /// <summary>The files that a new parameter has to go to; empty where a command does all, or nobody can tell.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>What has to run after a change of the files, in order (<c>update-grub</c>); empty where nothing has to.</summary>
    public ImmutableArray<BootCommand> Commands { get; init; } = [];

    /// <summary>
    /// Gets why a parameter cannot be added with certainty: the line that stands in the way, or the loaders between which
    /// nothing decides, each with its file and command. Null where it can, and where the boot configuration was not read.
    /// </summary>
    public string? Obstacle { get; init; }

    /// <summary>Gets why a parameter cannot be removed with certainty; null where it can, and where the boot configuration was not read.</summary>
    public string? RemovalObstacle { get; init; }

    /// <summary>The place of the last parameter of that name, which is the one that counts; null where it is not configured.</summary>
    /// <param name="name">The name; dash and underscore are the same.</param>
    public BootParameterPlace? PlaceOf(string name) => Places.LastOrDefault(place => place.Parameter.IsNamed(name));
}
