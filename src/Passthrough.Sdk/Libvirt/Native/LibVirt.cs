namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>
/// libvirt's own functions, under libvirt's own names, one file a group. Nothing but signatures: results are checked by
/// <see cref="Ensure"/>, ownership is that of the handle types, strings say by their marshaller who frees them.
/// </summary>
/// <remarks>
/// Nothing here may be called before <see cref="LibvirtRuntime.EnsureStarted"/>. Every function that the oldest supported
/// libvirt (<see cref="LibvirtRuntime.OldestVersion"/>) lacks is asked for by <see cref="LibvirtRuntime.Has"/> first.
/// </remarks>
internal static partial class LibVirt
{
    /// <summary>The name that <see cref="LibvirtRuntime"/> resolves to libvirt.so.0 or to what the user chose.</summary>
    internal const string Library = "virt";
}
