using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>virterror.h's <c>struct _virError</c>, field by field.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct VirError
{
    public int code;
    public int domain;
    public byte* message;
    public int level;
    public nint conn;
    public nint dom;
    public byte* str1;
    public byte* str2;
    public byte* str3;
    public int int1;
    public int int2;
    public nint net;
}
