using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>Creates and removes mediated devices through the kernel's files, and verifies it.</summary>
/// <remarks>
/// Source: the files <c>create</c> of a type and <c>remove</c> of a device (kernel: drivers/vfio/mdev/mdev_sysfs.c). A removal waits
/// until no process has the device open, and nothing interrupts it. Thread safety: one change at a time.
/// </remarks>
internal sealed class MediatedDeviceWriter(ISysfs sysfs, TimeProvider time)
{
    private Task<int> _write = Task.FromResult(Errno.Success);

    /// <summary>The command that creates a device.</summary>
    public static string CreateCommand(string parent, string type, Guid uuid) => $"echo {uuid:D} > {ShellArgument.Of(CreateFile(parent, type))}";

    /// <summary>The command that removes a device.</summary>
    public static string RemoveCommand(Guid uuid) => $"echo 1 > {RemoveFile(uuid)}";

    /// <summary>Creates a device, and verifies that it exists with this parent and type.</summary>
    /// <param name="parent">The name of the parent.</param>
    /// <param name="type">The type.</param>
    /// <param name="uuid">The UUID of the new device.</param>
    /// <param name="deadline">The maximum time that the driver may take.</param>
    /// <param name="cancellationToken">Ends the wait, but not the write, which cannot be interrupted.</param>
    /// <exception cref="MediatedDeviceException">The kernel refused it, did not answer in time, or did not do it although it reported success.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the write continues.</exception>
    public async Task CreateAsync(string parent, string type, Guid uuid, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var messages = new DriverMessages(sysfs);
        var errno = await WriteAsync(CreateFile(parent, type), uuid.ToString("D"), deadline, cancellationToken).ConfigureAwait(false);
        if (errno != Errno.Success)
        {
            throw Failed(
                uuid, $"cannot create the mediated device {uuid:D} of the type {type} on {parent}: {ExplainCreation(errno, parent, type)}",
                errno, messages.Since(uuid.ToString("D"), parent));
        }

        if (Find(uuid) is not { } device || device.Type != type || device.Parent != parent)
        {
            throw Failed(
                uuid, $"{DirectoryOf(uuid)} does not exist with the type {type} on {parent}, although the kernel reported no error; see the kernel's log",
                null, messages.Since(uuid.ToString("D"), parent));
        }
    }

    /// <summary>Removes a device, and verifies that it does not exist any more. Whoever calls this makes sure that nobody uses it.</summary>
    /// <param name="uuid">The UUID.</param>
    /// <param name="deadline">The maximum time that the driver may take.</param>
    /// <param name="cancellationToken">Ends the wait, but not the write, which cannot be interrupted.</param>
    /// <exception cref="MediatedDeviceException">The kernel refused it, did not answer in time, or did not do it although it reported success.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the write continues.</exception>
    public async Task RemoveAsync(Guid uuid, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var messages = new DriverMessages(sysfs);
        var errno = await WriteAsync(RemoveFile(uuid), "1", deadline, cancellationToken).ConfigureAwait(false);
        if (errno != Errno.Success)
        {
            throw Failed(uuid, $"cannot remove the mediated device {uuid:D}: {ExplainRemoval(errno)}", errno, messages.Since(uuid.ToString("D")));
        }

        if (Find(uuid) is not null)
        {
            throw Failed(uuid, $"{DirectoryOf(uuid)} still exists, although the kernel reported no error; see the kernel's log", null, messages.Since(uuid.ToString("D")));
        }
    }

    /// <summary>Waits until the last write has ended; until then, its effect is unknown.</summary>
    /// <exception cref="MediatedDeviceException">It does not end in time.</exception>
    public async Task SettleAsync(Guid uuid, TimeSpan limit)
    {
        try
        {
            await _write.WaitAsync(limit, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failed(uuid, $"a write for the mediated device {uuid:D} is still in progress: its driver waits, perhaps for a program that has the device open; see the kernel's log", Errno.TimedOut);
        }
    }

    /// <summary>Reads a device; null if it does not exist.</summary>
    /// <exception cref="MediatedDeviceException">It cannot be determined whether it exists.</exception>
    public MediatedDevice? Find(Guid uuid)
    {
        var link = sysfs.ReadLink(DirectoryOf(uuid));
        return link.IsUnknown ? throw Failed(uuid, $"cannot tell whether the mediated device {uuid:D} exists: {link.Source}: {link.Reason}")
            : link.IsKnown ? MediatedDeviceReader.ReadDevice(sysfs, uuid.ToString("D"))
            : null;
    }

    private async Task<int> WriteAsync(string file, string text, TimeSpan deadline, CancellationToken cancellationToken)
    {
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            _write = sysfs.WriteAsync(file, text, Timeout.InfiniteTimeSpan, time, CancellationToken.None);
            return await _write.WaitAsync(deadline, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return Errno.TimedOut;
        }
        catch (OperationCanceledException e)
        {
            throw new OperationCanceledException($"the write to {file} was cancelled; if it had begun, the kernel completes it nevertheless", e, cancellationToken);
        }
    }

    private static string DirectoryOf(Guid uuid) => $"{MediatedDeviceReader.Devices}/{uuid:D}";

    private static string CreateFile(string parent, string type) => $"{MediatedDeviceReader.Parents}/{parent}/mdev_supported_types/{type}/create";

    private static string RemoveFile(Guid uuid) => $"{DirectoryOf(uuid)}/remove";

    private static MediatedDeviceException Failed(Guid uuid, string message, int? errno = null, ValueList<string> log = default) =>
        new(uuid, log.IsDefault || log.IsEmpty ? message : $"{message}; the kernel's log says: {string.Join("; ", log)}", errno, log);

    // What the kernel means by each: drivers/vfio/mdev/mdev_sysfs.c and mdev_core.c, and the drivers' own probe.
    private static string ExplainCreation(int errno, string parent, string type) => errno switch
    {
        Errno.NoSpace or Errno.TooManyUsers => $"no instance of this type is left ({(errno == Errno.NoSpace ? "ENOSPC" : "EUSERS")}); remove a mediated device that is not needed, or choose a type whose available_instances is not 0",
        Errno.Exists => "a mediated device with this UUID exists already (EEXIST); choose another UUID, or use the device that exists",
        Errno.NotFound => $"{parent} has no such type now (ENOENT); choose one of {MediatedDeviceReader.Parents}/{parent}/mdev_supported_types. A driver may list its types only while its vendor's services run",
        Errno.NoDevice => $"{parent} is being removed, or its driver found no device (ENODEV); check that its driver is loaded",
        Errno.Invalid => $"the driver of {parent} refuses it (EINVAL); it may not combine {type} with the mediated devices that exist",
        Errno.NoMemory => "there is not enough memory for it (ENOMEM)",
        Errno.TimedOut => "the driver did not answer in time, and the write is still in progress; see the kernel's log",
        _ when Errno.IsPermission(errno) => $"{Errno.Describe(errno)}; run as root",
        _ => $"{Errno.Describe(errno)}; look for the driver's reason in the kernel's log",
    };

    private static string ExplainRemoval(int errno) => errno switch
    {
        Errno.Busy => "a program has it open (EBUSY); shut down the virtual machine that uses it",
        Errno.NotFound => "it does not exist (ENOENT)",
        Errno.NoDevice => "its parent is being removed, which removes it as well (ENODEV)",
        Errno.TimedOut => "the driver did not answer in time, and the write is still in progress: it waits until no program has the device open; shut down the virtual machine that uses it",
        _ when Errno.IsPermission(errno) => $"{Errno.Describe(errno)}; run as root",
        _ => $"{Errno.Describe(errno)}; look for the driver's reason in the kernel's log",
    };
}
