using Microsoft.Extensions.Logging;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>Options for making and applying plans.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanOptions
{
    internal const string DefaultJournalDirectory = "/var/lib/passthrough/journal";

    /// <summary>Gets the directory of the journal. Like the domain's definition, it must survive a reboot.</summary>
    /// <remarks>
    /// The default is <c>/var/lib/passthrough/journal</c>. It is created if it does not exist, and only its owner can read it. For a
    /// host in a directory (<see cref="PassthroughHost.At"/>), it is under the root of that host. docs/journal.md describes its files.
    /// </remarks>
    public string JournalDirectory { get; init; } = DefaultJournalDirectory;

    /// <summary>
    /// Gets the ids of the findings that the operator accepts (<see cref="Readiness.FindingIds"/>); they no longer refuse the plan. The
    /// default is empty, and their order does not matter. A finding cannot be accepted if the plan would not work or could not be undone: a device that does not exist,
    /// a bridge, a device of another running domain, an unfinished plan.
    /// </summary>
    public ValueList<string> Accepted { get; init => field = [.. value.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]; } = [];

    /// <summary>Gets the maximum time that a plan waits for another program that applies a plan. The default is 30 seconds.</summary>
    public TimeSpan JournalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the maximum time that libvirt may take for one call, such as an attach. The default is two minutes.</summary>
    /// <remarks>
    /// A call inside libvirt cannot be interrupted. After this time, the plan stops with an exception and keeps its journal entry,
    /// because the call may still take effect. Attaching a device to a guest with much memory can take a minute.
    /// </remarks>
    public TimeSpan LibvirtTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Gets the maximum time that the undo of a plan waits for a call that was cancelled or exceeded <see cref="LibvirtTimeout"/>. The default is
    /// 15 seconds.
    /// </summary>
    public TimeSpan UndoTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Gets the maximum time that a guest may take to release a device that is unplugged. The default is 30 seconds.</summary>
    /// <remarks>A guest whose operating system does not answer the request (not started yet, or hung) never releases the device.</remarks>
    public TimeSpan UnplugTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets whether a plan that plugs devices into a running domain asks the agent in the guest, after its last step, whether the guest lists
    /// them. The default is false.
    /// </summary>
    /// <remarks>
    /// The answer is information: it is reported as progress (<see cref="PlanProgress.Guest"/>) and logged, and nothing is undone if the
    /// guest does not list a device or its agent does not answer. The agent is asked once before the first step too, for the devices that the guest has already.
    /// See <see cref="Libvirt.LibvirtDomainExtensions.ReadGuestPciDevicesAsync"/> for the commands.
    /// </remarks>
    public bool VerifiesInGuest { get; init; }

    /// <summary>
    /// Gets the maximum time that a plan waits, after its last step, until the guest lists the devices (<see cref="VerifiesInGuest"/>). The default is 30
    /// seconds. The question before the first step may take as long, but not longer than 5 seconds.
    /// </summary>
    public TimeSpan GuestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets the maximum time that the kernel may take to bind a driver. The default is 10 seconds.</summary>
    public TimeSpan DriverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets the maximum time that the kernel may take to reset a device, and the device to answer again. The default is one minute.</summary>
    /// <remarks>PCI Express allows a device to need a minute after a reset (kernel: drivers/pci/pci.c, PCIE_RESET_READY_POLL_MS).</remarks>
    public TimeSpan ResetTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets the maximum time that the kernel may take to change the number of virtual functions. The default is one minute.
    /// </summary>
    /// <remarks>During this time, the driver creates and probes every virtual function.</remarks>
    public TimeSpan VirtualFunctionTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Gets the maximum time that the parent's driver may take to create or remove a mediated device. The default is 30 seconds.</summary>
    public TimeSpan MediatedDeviceTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Gets the maximum time for a command that follows a change of the boot files, such as <c>update-grub</c>. The default is ten
    /// minutes.
    /// </summary>
    /// <remarks>Such a command is not interrupted. After this time, the plan stops with an exception and keeps its journal entry, because the command still runs.</remarks>
    public TimeSpan BootCommandTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets the factory of the logger that receives a message for every step; null for that of the host (<see cref="PassthroughHost.Local"/>).</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>Gets what a host does before its journal is opened to write: a fake host makes the directory.</summary>
    internal Action? BeforeJournal { get; init; }
}
