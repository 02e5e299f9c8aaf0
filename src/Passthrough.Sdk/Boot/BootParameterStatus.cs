namespace Passthrough.Sdk.Boot;

/// <summary>A parameter, its state, and where it comes from.</summary>
/// <param name="Parameter">The parameter.</param>
/// <param name="State">Whether it runs, and whether it is configured.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BootParameterStatus(BootParameter Parameter, BootParameterState State)
{
    /// <summary>
    /// Gets where the parameter comes from: the place in a file (<c>GRUB_CMDLINE_LINUX in /etc/default/grub</c>), or the
    /// boot loader that adds it by itself (<c>BOOT_IMAGE=</c>). Null where that is not known.
    /// </summary>
    public string? Origin { get; init; }
}
