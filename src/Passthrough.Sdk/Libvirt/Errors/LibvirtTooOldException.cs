using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The exception that is thrown when the libvirt library in this process lacks a function, because it is too old.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class LibvirtTooOldException : PassthroughException
{
    internal LibvirtTooOldException(string function, Version needed, Version found)
        : base($"{function} needs libvirt {needed} or newer, and this machine has libvirt {found}; install a newer libvirt, or do without what calls it")
    {
        Function = function;
        Needed = needed;
        Found = found;
    }

    /// <summary>Gets the name of libvirt's function.</summary>
    public string Function { get; }

    /// <summary>Gets the oldest version of libvirt that has it.</summary>
    public Version Needed { get; }

    /// <summary>Gets the version of the library in this process.</summary>
    public Version Found { get; }
}
