using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>libvirt-host.h's <c>struct _virConnectCredential</c>, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirConnectCredential
{
    public int type;
    public byte* prompt;
    public byte* challenge;
    public byte* defresult;

    /// <summary>Allocated by the callback with C's <c>malloc</c>, and freed by libvirt.</summary>
    public byte* result;
    public uint resultlen;
}
