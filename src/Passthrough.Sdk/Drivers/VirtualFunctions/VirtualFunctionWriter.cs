using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Sets the number of virtual functions through <c>sriov_numvfs</c>, and verifies it.</summary>
/// <remarks>
/// The kernel changes a number only from and to 0 (kernel: Documentation/PCI/pci-iov-howto.rst; drivers/pci/iov.c,
/// sriov_numvfs_store). The write lasts until the driver has created the functions and probed them.
/// </remarks>
internal sealed class VirtualFunctionWriter(ISysfs sysfs, TimeProvider time)
{
    private Task<int> _write = Task.FromResult(Errno.Success);

    /// <summary>Writes one number, waits for the driver, and verifies that the functions are there.</summary>
    /// <param name="function">The physical function.</param>
    /// <param name="count">The number; a number other than 0 requires that it is 0 before.</param>
    /// <param name="deadline">The maximum time that the write may take.</param>
    /// <param name="cancellationToken">Ends the wait, but not the write, which cannot be interrupted.</param>
    /// <exception cref="VirtualFunctionException">The kernel refused it, did not answer in time, or did not do it although it reported success.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the write continues.</exception>
    public async Task SetAsync(PciAddress function, int count, TimeSpan deadline, CancellationToken cancellationToken)
    {
        int errno;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _write = sysfs.WriteAsync(File(function), count.ToString(CultureInfo.InvariantCulture), deadline, time, CancellationToken.None);
            errno = await _write.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException(
                $"the change of {function} to {count} virtual functions was cancelled while the kernel was applying it; the kernel completes it nevertheless: see {File(function)}",
                e,
                cancellationToken);
        }

        if (errno != Errno.Success)
        {
            throw Failed(function, $"cannot set {function} to {count} virtual functions: {Explain(errno)}");
        }

        if (ReadCount(function) is var now && now != count)
        {
            throw Failed(function, $"{function} has {now} virtual functions, but {count} were requested, although the kernel reported no error; see the kernel's log");
        }

        for (var index = 0; index < count; index++)
        {
            var link = sysfs.ReadLinkName($"{PciDeviceReader.Bus}/{function}/virtfn{index}");
            if (!PciAddress.TryParse(link.Value, out _))
            {
                throw Failed(function, $"virtual function {index} of {function} does not exist: {link}; see the kernel's log");
            }
        }
    }

    /// <summary>Waits until the last write has ended; until then, its effect is unknown.</summary>
    /// <exception cref="VirtualFunctionException">It does not end in time.</exception>
    public async Task SettleAsync(PciAddress function, TimeSpan limit)
    {
        try
        {
            if (await _write.WaitAsync(limit, time).ConfigureAwait(false) != Errno.TimedOut)
            {
                return;
            }
        }
        catch (TimeoutException)
        {
            // As if its own deadline had passed.
        }

        throw Failed(function, $"a write to {File(function)} is still in progress: a driver waits for a program that uses a virtual function; see the kernel's log");
    }

    /// <summary>Reads the number of virtual functions.</summary>
    /// <exception cref="VirtualFunctionException">The kernel's file cannot be read.</exception>
    public int ReadCount(PciAddress function)
    {
        // Under the lock: an earlier write that did not end in time still holds it, and this read would wait with it forever.
        var count = SysfsFacts.Number(sysfs.ReadTextUnderLock(File(function)), File(function));
        return count.IsKnown
            ? (int)count.Value
            : throw Failed(function, $"cannot tell how many virtual functions {function} has: {count.Source}: {count.Reason ?? "no such file"}");
    }

    private static string File(PciAddress function) => $"{PciDeviceReader.Bus}/{function}/sriov_numvfs";

    private static VirtualFunctionException Failed(PciAddress function, string message) => new(function, message, isRefused: false);

    // What the kernel means by each (drivers/pci/iov.c, and the drivers' own sriov_configure).
    private static string Explain(int errno) => errno switch
    {
        Errno.OutOfRange => "the number exceeds its maximum (ERANGE)",
        Errno.Busy => "it is in use, or another program created virtual functions in the meantime (EBUSY); check the current number",
        Errno.NoMemory => "there is not enough address space or there are not enough bus numbers for them (ENOMEM); enable SR-IOV and decoding above 4 GiB in the firmware's set-up, or add pci=realloc,assign-busses to the kernel's parameters",
        Errno.NoSpace => "the card or its driver has no resources for so many (ENOSPC); request fewer",
        Errno.NotFound => "its driver cannot create virtual functions, or it has no driver (ENOENT); load the driver of the physical function",
        Errno.NotSupported or Errno.NotImplemented => "its driver cannot create virtual functions",
        Errno.TimedOut => "the kernel did not answer in time, and the write is still in progress: a driver waits for a program that uses a virtual function; see the kernel's log",
        _ when Errno.IsPermission(errno) => $"{Errno.Describe(errno)}; run as root",
        _ => $"{Errno.Describe(errno)}; look for the driver's reason in the kernel's log",
    };
}
