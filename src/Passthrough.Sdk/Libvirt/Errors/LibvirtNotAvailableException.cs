
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <summary>There is no libvirt library on this machine that can be used. The message says how to get one.</summary>
/// <remarks>
/// The library is <c>libvirt.so.0</c>, found as the dynamic linker finds it. Another file is chosen by the environment variable
/// <c>PASSTHROUGH_LIBVIRT_LIBRARY</c> or, where that is not set, the <see cref="AppContext"/> property
/// <c>Passthrough.Sdk.LibvirtLibrary</c> (also in runtimeconfig.json), before the first connection. Thread safety: immutable.
/// </remarks>
public sealed class LibvirtNotAvailableException : PassthroughException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">Which library, what is wrong with it, and the way out.</param>
    public LibvirtNotAvailableException(string message)
        : base(message)
    {
    }

    internal static LibvirtNotAvailableException NotFound(string name) => new(
        $"libvirt's client library '{name}' is not on this machine; install it (Debian, Ubuntu: libvirt0; Fedora, SUSE: libvirt-libs), "
        + $"or name its file in {LibvirtRuntime.PathVariable}");

    internal static LibvirtNotAvailableException NotLoaded(string path) => new(
        $"the libvirt library '{path}' that {LibvirtRuntime.PathVariable} or {LibvirtRuntime.PathSetting} names cannot be loaded; "
        + "correct the path, or remove the setting to use the machine's own");

    internal static LibvirtNotAvailableException TooOld(Version found, Version oldest) => new(
        $"libvirt {found} on this machine is too old; version {oldest} or newer is needed");
}
