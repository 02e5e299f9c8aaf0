using System.Globalization;
using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

internal sealed unsafe partial class LinuxSysfs
{
    // LOOP_GET_STATUS64, and the size of struct loop_info64 with lo_rdevice at its third number.
    private const uint GetLoopStatus = 0x4c05;
    private const int LoopStatusSize = 232;
    private const int BackingDevice = 2;

    public int TryReadLoop(string path, string number, out string? backing)
    {
        backing = null;
        var errno = OpenBlockDevice(path, number, flags: 0, out var file);
        if (errno != Errno.Success)
        {
            return errno;
        }

        var state = stackalloc ulong[LoopStatusSize / sizeof(ulong)];
        errno = LibC.Control(file, GetLoopStatus, state) == 0 ? Errno.Success : Marshal.GetLastPInvokeError();
        _ = LibC.Close(file);
        if (errno == Errno.Success && state[BackingDevice] is not 0 and var device)
        {
            // new_encode_dev of linux/kdev_t.h: the minor number lies around the major one.
            backing = string.Create(CultureInfo.InvariantCulture, $"{(device >> 8) & 0xfff}:{(device & 0xff) | ((device >> 12) & 0xfff00)}");
        }

        return errno;
    }
}
