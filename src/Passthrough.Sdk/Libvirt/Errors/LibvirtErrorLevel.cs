namespace Passthrough.Sdk.Libvirt;

/// <summary>How bad an error is: virErrorLevel of virterror.h.</summary>
public enum LibvirtErrorLevel
{
    /// <summary>None was given.</summary>
    None = 0,

    /// <summary>A warning.</summary>
    Warning = 1,

    /// <summary>An error.</summary>
    Error = 2,
}
