using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The exception that is thrown when no usable libvirt library is installed on this machine. The message says how to install one.</summary>
/// <remarks>
/// The library is <c>libvirt.so.0</c>, which the dynamic linker finds. To use another file, set the environment variable
/// <c>PASSTHROUGH_LIBVIRT_LIBRARY</c> or, if that is not set, the <see cref="AppContext"/> property
/// <c>Passthrough.Sdk.LibvirtLibrary</c> (also in runtimeconfig.json), before the first connection. Thread safety: immutable.
/// </remarks>
public sealed class LibvirtNotAvailableException : PassthroughException
{
    /// <summary>Creates an exception.</summary>
    /// <param name="message">A sentence that names the library, the problem, and what to do.</param>
    public LibvirtNotAvailableException(string message)
        : base(message)
    {
    }

    internal static LibvirtNotAvailableException NotFound(string name) => new(
        $"libvirt's client library '{name}' is not installed; install it (Debian, Ubuntu: libvirt0; Fedora, SUSE: libvirt-libs), "
        + $"or set {LibvirtRuntime.PathVariable} to the path of its file");

    internal static LibvirtNotAvailableException NotLoaded(string path) => new(
        $"the libvirt library '{path}' that {LibvirtRuntime.PathVariable} or {LibvirtRuntime.PathSetting} names cannot be loaded; "
        + "correct the path, or remove the setting to use the library of the system");

    internal static LibvirtNotAvailableException WithoutFunction(string function) => new(
        $"the libvirt library that was loaded has no function {function}, so it is not libvirt, or not all of it; "
        + $"remove {LibvirtRuntime.PathVariable} and {LibvirtRuntime.PathSetting} to use the library of the system, or install it again");

    internal static LibvirtNotAvailableException NoQemu(string name) => new(
        $"libvirt's library for QEMU '{name}' cannot be loaded, so that guest agents cannot be asked; "
        + "install that of the installed libvirt (Debian, Ubuntu: libvirt0; Fedora, SUSE: libvirt-libs)");

    internal static LibvirtNotAvailableException TooOld(Version found, Version oldest) => new(
        $"libvirt {found} on this machine is too old; version {oldest} or newer is needed");
}
