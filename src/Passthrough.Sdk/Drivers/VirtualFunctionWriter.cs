using System.Collections.Immutable;
using System.Globalization;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Sets the number of virtual functions through <c>sriov_numvfs</c>, and verifies it.</summary>
/// <remarks>
/// The kernel changes a number only from and to 0 (kernel: Documentation/PCI/pci-iov-howto.rst; drivers/pci/iov.c,
/// sriov_numvfs_store). The write lasts until the driver has made the functions and probed them.
/// </remarks>
internal sealed class VirtualFunctionWriter(ISysfs sysfs, TimeProvider time)
{
    /// <summary>Sets the number, by way of 0 where there are others now; what was there before comes back where that fails.</summary>
    /// <returns>The virtual functions that are there now, in the order of their indexes.</returns>
    /// <exception cref="VirtualFunctionException">The kernel refused it, did not answer in time, or did not do what it said.</exception>
    public async Task<ImmutableArray<PciAddress>> SetAsync(PciAddress function, int count, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var before = ReadCount(function);
        if (before == count)
        {
            return ReadFunctions(function, count);
        }

        if (before > 0)
        {
            await WriteAsync(function, 0, before, deadline, cancellationToken).ConfigureAwait(false);
        }

        if (count > 0)
        {
            await WriteAsync(function, count, before, deadline, cancellationToken).ConfigureAwait(false);
        }

        return ReadCount(function) is var now && now == count
            ? ReadFunctions(function, count)
            : throw Failed(function, $"{function} has {now} virtual functions where {count} were asked for, although the kernel reported no error; see the kernel's log");
    }

    private async Task WriteAsync(PciAddress function, int count, int before, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var errno = await sysfs.WriteAsync(File(function), count.ToString(CultureInfo.InvariantCulture), deadline, time, cancellationToken).ConfigureAwait(false);
        if (errno == Errno.Success)
        {
            return;
        }

        var restored = count > 0 && before > 0 && errno != Errno.TimedOut
            ? await RestoreAsync(function, before, deadline).ConfigureAwait(false)
            : "";
        throw Failed(function, $"cannot set {function} to {count} virtual functions: {Explain(errno)}{restored}");
    }

    // Not to be cancelled: it takes back what was done.
    private async Task<string> RestoreAsync(PciAddress function, int before, TimeSpan deadline)
    {
        var errno = await sysfs.WriteAsync(File(function), before.ToString(CultureInfo.InvariantCulture), deadline, time, CancellationToken.None).ConfigureAwait(false);
        return errno == Errno.Success ? $"; it has its {before} from before again" : $"; its {before} from before could not be made again ({Errno.Describe(errno)})";
    }

    private int ReadCount(PciAddress function)
    {
        var count = sysfs.ReadNumber(File(function));
        return count.IsKnown
            ? (int)count.Value
            : throw Failed(function, $"cannot tell how many virtual functions {function} has: {count.Source}: {count.Reason ?? "no such file"}");
    }

    private ImmutableArray<PciAddress> ReadFunctions(PciAddress function, int count)
    {
        var functions = ImmutableArray.CreateBuilder<PciAddress>(count);
        for (var index = 0; index < count; index++)
        {
            var link = sysfs.ReadLinkName($"{PciDeviceReader.Bus}/{function}/virtfn{index}");
            functions.Add(PciAddress.TryParse(link.Value, out var address)
                ? address
                : throw Failed(function, $"virtual function {index} of {function} is not there: {link}; see the kernel's log"));
        }

        return functions.DrainToImmutable();
    }

    private static string File(PciAddress function) => $"{PciDeviceReader.Bus}/{function}/sriov_numvfs";

    private static VirtualFunctionException Failed(PciAddress function, string message) => new(function, message, isRefused: false);

    // What the kernel means by each (drivers/pci/iov.c, and the drivers' own sriov_configure).
    private static string Explain(int errno) => errno switch
    {
        Errno.OutOfRange => "that is more than it can have (ERANGE)",
        Errno.Busy => "it is in use, or somebody else made some meanwhile (EBUSY); look again",
        Errno.NoMemory => "there is not enough address space or there are not enough bus numbers for them (ENOMEM); switch SR-IOV and decoding above 4 GiB on in the firmware's set-up, or add pci=realloc,assign-busses to the kernel's parameters",
        Errno.NoSpace => "the card or its driver has no room for so many (ENOSPC); ask for fewer",
        Errno.NotFound => "its driver cannot make any, or it has no driver (ENOENT); load the driver of the physical function",
        Errno.NotSupported or Errno.NotImplemented => "its driver cannot make any",
        Errno.TimedOut => "the kernel did not answer in time, and the write is still under way: a driver waits for somebody who uses a virtual function; see the kernel's log",
        _ when Errno.IsPermission(errno) => $"{Errno.Describe(errno)}; run as root",
        _ => $"{Errno.Describe(errno)}; see the kernel's log for the driver's reason",
    };
}
