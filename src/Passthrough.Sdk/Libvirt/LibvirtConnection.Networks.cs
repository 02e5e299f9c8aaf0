using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>The virtual networks.</content>
public sealed partial class LibvirtConnection
{
    /// <inheritdoc/>
    public unsafe ValueList<string> GetNetworkDescriptions()
    {
        var count = LibVirt.virConnectListAllNetworks(Handle, out var array, 0);
        if (count < 0)
        {
            var error = NativeError.Capture(Handle);
            return error.Code == LibvirtErrorCode.NoSupport ? [] : throw error.ToException("cannot list the networks of", Uri);
        }

        var descriptions = new List<string>(count);
        foreach (var handle in NativeArray.Take(array, count, pointer => new NetworkHandle(pointer)))
        {
            using (handle)
            {
                if (LibVirt.virNetworkGetXMLDesc(handle, 0) is { } xml)
                {
                    descriptions.Add(xml);
                }
                else if (NativeError.Capture(handle) is var error && error.Code != LibvirtErrorCode.NoNetwork)
                {
                    throw error.ToException("cannot read the definition of a network at", Uri);
                }
            }
        }

        return [.. descriptions];
    }
}
