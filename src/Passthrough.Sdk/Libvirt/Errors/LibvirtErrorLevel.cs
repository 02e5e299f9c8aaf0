namespace Passthrough.Sdk.Libvirt;

/// <summary>The severity of an error: virErrorLevel of virterror.h.</summary>
public enum LibvirtErrorLevel
{
    /// <summary>None was given.</summary>
    None = 0,

    /// <summary>A warning.</summary>
    Warning = 1,

    /// <summary>An error.</summary>
    Error = 2,
}
