using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Sets whether the host binds its drivers to virtual functions, through <c>sriov_drivers_autoprobe</c>, and verifies it.</summary>
/// <remarks>The kernel takes no lock for it (drivers/pci/iov.c, sriov_drivers_autoprobe_store), so that no write waits.</remarks>
internal sealed class DriverProbing(ISysfs sysfs)
{
    /// <summary>Reads it; null if the kernel does not report it.</summary>
    public bool? Read(PciAddress function) => sysfs.ReadNumber(File(function)) is { IsKnown: true } number ? number.Value != 0 : null;

    /// <summary>Writes it.</summary>
    /// <exception cref="VirtualFunctionException">The kernel refused it, or did not do it although it reported success.</exception>
    public void Set(PciAddress function, bool probes)
    {
        var errno = sysfs.TryWrite(File(function), probes ? "1"u8 : "0"u8);
        if (errno != Errno.Success)
        {
            throw Failed(function, $"cannot set {File(function)}: " + (errno switch
            {
                Errno.NotFound => "this kernel has no such file (it exists since Linux 4.12); bind and unbind the virtual functions by hand",
                _ when Errno.IsPermission(errno) => $"{Errno.Describe(errno)}; run as root",
                _ => $"{Errno.Describe(errno)}; see the kernel's log",
            }));
        }

        if (Read(function) is { } now && now != probes)
        {
            throw Failed(function, $"{File(function)} is {(now ? 1 : 0)}, but {(probes ? 1 : 0)} was written, although the kernel reported no error; see the kernel's log");
        }
    }

    /// <summary>Returns the command that does the same.</summary>
    public static string CommandOf(PciAddress function, bool probes) => $"echo {(probes ? 1 : 0)} > {File(function)}";

    private static string File(PciAddress function) => $"{PciDeviceReader.Bus}/{function}/sriov_drivers_autoprobe";

    private static VirtualFunctionException Failed(PciAddress function, string message) => new(function, message, isRefused: false);
}
