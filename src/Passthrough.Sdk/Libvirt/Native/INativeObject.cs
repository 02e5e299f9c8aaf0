namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>An object of this library's that is one of libvirt's.</summary>
internal interface INativeObject
{
    /// <summary>Its handle.</summary>
    /// <exception cref="ObjectDisposedException">The object was disposed of.</exception>
    VirHandle NativeHandle { get; }
}
