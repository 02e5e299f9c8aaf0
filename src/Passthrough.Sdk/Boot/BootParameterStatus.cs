namespace Passthrough.Sdk.Boot;

/// <summary>A parameter, its state, and its origin.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="State">Whether it is in effect, and whether it is configured.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BootParameterStatus(BootParameter Parameter, BootParameterState State)
{
    /// <summary>
    /// Gets the origin of the parameter: the place in a file (<c>GRUB_CMDLINE_LINUX in /etc/default/grub</c>), or the
    /// boot loader that adds it (<c>BOOT_IMAGE=</c>). Null if it is not known.
    /// </summary>
    public string? Origin { get; init; }
}
