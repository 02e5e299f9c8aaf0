using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>libvirt-host.h's <c>struct _virConnectAuth</c>, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirConnectAuth
{
    /// <summary>virConnectCredentialType of each kind that can be given.</summary>
    public int* credtype;
    public uint ncredtype;
    public delegate* unmanaged[Cdecl]<VirConnectCredential*, uint, nint, int> cb;
    public nint cbdata;
}
