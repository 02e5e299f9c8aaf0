using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace Passthrough.Sdk.Libvirt.Native;

/// <content>libvirt-qemu.h: what only QEMU's domains have, in a library of its own.</content>
internal static unsafe partial class LibVirt
{
    /// <summary>The name that <see cref="LibvirtRuntime"/> resolves to libvirt-qemu.so.0.</summary>
    internal const string QemuLibrary = "virt-qemu";

    /// <remarks>Call <see cref="LibvirtRuntime.EnsureQemu"/> first: the library may be absent.</remarks>
    /// <param name="domain">The domain.</param>
    /// <param name="cmd">A command of the guest agent, as JSON.</param>
    /// <param name="timeout">In seconds; virDomainQemuAgentCommandTimeoutValues for those below 1.</param>
    /// <param name="flags">None are used.</param>
    [LibraryImport(QemuLibrary, StringMarshalling = StringMarshalling.Utf8)]
    [return: MarshalUsing(typeof(OwnedUtf8))]
    internal static partial string? virDomainQemuAgentCommand(DomainHandle domain, string cmd, int timeout, uint flags);
}
