namespace Passthrough.Sdk.Boot;

/// <summary>A parameter and its place in a host's files.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Path">The path of the file on the host.</param>
/// <param name="Key">The setting in the file that contains it: a shell variable, <c>options</c> or <c>append</c>; null if the whole file is a command line.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BootParameterPlace(BootParameter Parameter, string Path, string? Key)
{
    /// <summary>Gets the reason why a plan cannot remove the parameter from here; null if it can, or if this was not checked.</summary>
    public string? Obstacle { get; init; }

    /// <summary>Returns the place in words: <c>GRUB_CMDLINE_LINUX in /etc/default/grub</c>.</summary>
    public override string ToString() => Key is null ? Path : $"{Key} in {Path}";
}
