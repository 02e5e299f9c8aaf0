namespace Passthrough.Sdk.Boot;

/// <summary>A parameter, and where it stands in a host's files.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="Path">The file, as the host itself writes its path.</param>
/// <param name="Key">What holds it there: a shell variable, the word <c>options</c> or <c>append</c>; null where the file is a command line and nothing else.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BootParameterPlace(BootParameter Parameter, string Path, string? Key)
{
    /// <summary>Gets why a plan cannot remove the parameter from here; null where it can, and where nobody asked.</summary>
    public string? Obstacle { get; init; }

    /// <summary>The place in words: <c>GRUB_CMDLINE_LINUX in /etc/default/grub</c>.</summary>
    public override string ToString() => Key is null ? Path : $"{Key} in {Path}";
}
