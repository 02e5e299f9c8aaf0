using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Passthrough.Sdk.Plans;

/// <summary>How plans are made and applied.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PlanOptions
{
    internal const string DefaultJournalDirectory = "/var/lib/passthrough/journal";

    /// <summary>The directory for the journal. It must survive what the domain's definition survives: a reboot too.</summary>
    /// <remarks>
    /// The default is <c>/var/lib/passthrough/journal</c>. It is made when it is not there, for its owner only. A host at a directory
    /// (<see cref="PassthroughHost.At"/>) keeps it there, under its own root. docs/journal.md describes what lies in it.
    /// </remarks>
    public string JournalDirectory { get; init; } = DefaultJournalDirectory;

    /// <summary>
    /// The ids of findings that the operator accepts (<see cref="Readiness.FindingIds"/>): they no longer refuse the plan. The
    /// default is empty. What would not work or could not be taken back cannot be accepted: a device that is not there, a
    /// bridge, a device of another running domain, an unfinished plan.
    /// </summary>
    public ImmutableHashSet<string> Accepted { get; init; } = [];

    /// <summary>How long a plan waits while another program applies one. The default is 30 seconds.</summary>
    public TimeSpan JournalTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long libvirt may take to answer one call, such as an attach. The default is two minutes.</summary>
    /// <remarks>
    /// Nothing interrupts a call inside libvirt. When this time is over the plan stops, says so, and keeps its journal entry,
    /// since the call may still come to its end. To attach a device to a guest with much memory can take a minute.
    /// </remarks>
    public TimeSpan LibvirtTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the undoing of a plan waits for a call that was given up before: cancelled, or past
    /// <see cref="LibvirtTimeout"/>. The default is 15 seconds.
    /// </summary>
    public TimeSpan UndoTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a guest may take to let go of a device that is unplugged. The default is 30 seconds.</summary>
    /// <remarks>A guest without an operating system that answers the request (still in its firmware, or hung) never lets go.</remarks>
    public TimeSpan UnplugTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the kernel may take to bind a driver. The default is 10 seconds.</summary>
    public TimeSpan DriverTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the kernel may take to change a number of virtual functions. The default is one minute.</summary>
    /// <remarks>The driver makes and probes every virtual function meanwhile.</remarks>
    public TimeSpan VirtualFunctionTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a command that follows a change of the boot files may take, such as <c>update-grub</c>. The default is ten minutes.</summary>
    /// <remarks>Nothing interrupts such a command. When this time is over the plan stops, says so, and keeps its journal entry, since the command still runs.</remarks>
    public TimeSpan BootCommandTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Gets every step as a log message; null for none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}
