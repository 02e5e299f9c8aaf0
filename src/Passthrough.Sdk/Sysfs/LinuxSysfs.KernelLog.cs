using System.Runtime.InteropServices;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>The kernel's ring of messages, which is behind a call and not behind a file that ends.</summary>
internal sealed unsafe partial class LinuxSysfs
{
    public int TryReadKernelLog(out string text)
    {
        text = "";
        if (_root is not null)
        {
            return Errno.NotImplemented;
        }

        var size = LibC.KernelLog(LibC.LogSize, null, 0);
        if (size < 0)
        {
            return Marshal.GetLastPInvokeError();
        }

        var buffer = new byte[size];
        fixed (byte* start = buffer)
        {
            var length = LibC.KernelLog(LibC.LogReadAll, start, size);
            if (length < 0)
            {
                return Marshal.GetLastPInvokeError();
            }

            text = Encoding.UTF8.GetString(buffer, 0, length);
            return Errno.Success;
        }
    }
}
