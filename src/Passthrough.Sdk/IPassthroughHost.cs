using System.Collections.Immutable;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.BootChanges;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Explain.Translations;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk;

/// <summary>
/// A host to be captured, planned for and acted upon: <see cref="PassthroughHost"/>, or a double of it in a test.
/// </summary>
/// <remarks>Thread safety: all members of the library's own hosts may be called at once from several threads.</remarks>
public interface IPassthroughHost
{
    /// <summary>Gets what is read: <c>/</c> for this machine, else the directory.</summary>
    string Source { get; }

    /// <summary>
    /// Gets whether it is this machine itself, made by <see cref="PassthroughHost.Local"/>. Only then does it plan, act and watch.
    /// Every other host is only read, one over <c>/</c> included, with one exception: a host at a directory changes the boot files
    /// there (<see cref="PlanBoot"/>). A fake host of Passthrough.Sdk.Testing also says that it is local: it plans and acts on its own
    /// files.
    /// </summary>
    bool IsLocal { get; }

    /// <summary>Reads the host.</summary>
    /// <param name="options">How much is read; null: <see cref="CaptureOptions.Default"/>.</param>
    /// <returns>
    /// What the host says now. A device that vanishes meanwhile, a file that is not permitted: nothing throws, and
    /// <see cref="HostSnapshot.Unread"/> has it.
    /// </returns>
    HostSnapshot Capture(CaptureOptions? options = null);

    /// <summary>Reads the host as <see cref="Capture"/> does, on a thread of its own.</summary>
    /// <param name="options">How much is read; null: <see cref="CaptureOptions.Default"/>.</param>
    /// <param name="cancellationToken">Counts until the capture begins. A file that the kernel keeps waiting is not interrupted; it is given up after two seconds.</param>
    /// <returns>What the host says now.</returns>
    /// <exception cref="OperationCanceledException">Cancelled before the capture began.</exception>
    Task<HostSnapshot> CaptureAsync(CaptureOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Captures everything about the host into an archive (tar.gz) that <see cref="PassthroughHost.At"/> reads as the host.</summary>
    /// <param name="archive">Takes the archive; it stays open. The same host gives the same bytes.</param>
    /// <param name="includeSecrets">
    /// Whether serial numbers, hardware addresses and UUIDs stay in. Otherwise zeros of their form are in their place. What
    /// processes run, and what they have open, is never in it.
    /// </param>
    /// <returns>The snapshot that was captured on the way, with the details of every function.</returns>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    HostSnapshot CaptureTo(Stream archive, bool includeSecrets = false);

    /// <summary>Reports the changes of this machine's PCI functions as they happen (<c>udevadm monitor --kernel --subsystem-match=pci</c>).</summary>
    /// <param name="options">How much of the host is captured after each change; null: <see cref="CaptureOptions.DevicesOnly"/>.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>
    /// First a change of kind <see cref="HostChangeKind.Started"/> with the first snapshot, then every change in the kernel's
    /// order. When the kernel had to drop some, <see cref="HostChangeKind.Overflowed"/> with a fresh snapshot.
    /// </returns>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    /// <exception cref="HostSourceException">The kernel or a sandbox does not give its messages.</exception>
    /// <exception cref="OperationCanceledException">The watch was cancelled.</exception>
    IAsyncEnumerable<HostChange> WatchAsync(CaptureOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Explains why an error occurred on this host: finds out which devices and which domain it is about, reads the domain's log where
    /// there is one, captures what bears on it, and lets the facts decide.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="options">What is known already, which is then not looked for; null: nothing.</param>
    /// <returns>The explanation; not recognised when nothing known was found in the error or the log.</returns>
    /// <exception cref="LibvirtXmlException"><see cref="ExplainOptions.DomainXml"/> is no XML.</exception>
    Explanation Explain(PassthroughError error, ExplainOptions? options = null);

    /// <summary>Reads the catalogues of translated messages that this host has, for <see cref="ExplainOptions.Catalogs"/> on another host.</summary>
    /// <returns>The catalogues of libvirt, virt-manager, the C library and bash; empty where the host has none.</returns>
    /// <remarks>
    /// <see cref="Explain(PassthroughError, ExplainOptions?)"/> reads those of its own host by itself, where the text is not
    /// recognised as it is. Source: <c>/usr/share/locale/LANGUAGE/LC_MESSAGES/DOMAIN.mo</c>. They can take some ten MiB.
    /// </remarks>
    ImmutableArray<MessageCatalog> ReadMessageCatalogs();

    /// <summary>Explains why libvirt failed on this host; see <see cref="Explain(PassthroughError, ExplainOptions?)"/>.</summary>
    /// <param name="error">libvirt's error, or one that has it inside.</param>
    Explanation Explain(Exception error);

    /// <summary>Plans to give a device to a domain (<c>virsh attach-device</c>). Nothing happens before <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="device">The device.</param>
    /// <param name="to">The domain, on this host. If it runs, it gets the device now; if it is persistent, also at every start from now on.</param>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    AssignmentPlan Plan(PciDevice device, ILibvirtDomain to);

    /// <summary>Plans to give devices to a domain together: all of an IOMMU group, or all functions of a card.</summary>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="to">The domain, on this host.</param>
    /// <param name="options">How the plan is applied; null: the defaults.</param>
    /// <returns>The plan. A guard that refuses it, a device that is not there included, is one of its findings.</returns>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    AssignmentPlan Plan(ImmutableArray<PciAddress> devices, ILibvirtDomain to, PlanOptions? options = null);

    /// <summary>Plans to take devices back from a domain (<c>virsh detach-device</c>) and to give them to the host's drivers.</summary>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="from">The domain, on this host.</param>
    /// <param name="options">How the plan is applied; null: the defaults.</param>
    /// <returns>The plan; without steps when the domain has none of the devices and the host has them all.</returns>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    AssignmentPlan PlanRelease(ImmutableArray<PciAddress> devices, ILibvirtDomain from, PlanOptions? options = null);

    /// <summary>Takes back what programs that ended half way left behind; see the journal of <see cref="PlanOptions.JournalDirectory"/>.</summary>
    /// <param name="open">Opens a connection to the hypervisor of a plan, by its URI.</param>
    /// <param name="options">Where the journal is; null: the defaults.</param>
    /// <param name="cancellationToken">Stops before the next entry; what is left stays in the journal.</param>
    /// <returns>
    /// One outcome for each entry that was found, the newest first; empty when there was none. An entry that cannot be taken back
    /// does not stop the others: its outcome names the reason and the way out.
    /// </returns>
    /// <exception cref="PassthroughException">The journal cannot be read, or another program is applying a plan: its entries are not touched.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    /// <exception cref="OperationCanceledException">Cancelled while waiting for the journal, or between two entries.</exception>
    Task<ImmutableArray<PlanRecovery>> RecoverAsync(
        Func<string, ILibvirtConnection> open, PlanOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Plans how many virtual functions a physical function has. Nothing happens before <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="physicalFunction">The physical function.</param>
    /// <param name="count">How many it is to have; 0: none.</param>
    /// <param name="libvirt">What libvirt says of devices that domains own or ask for (<see cref="LibvirtFacts.Read(string)"/>); null to leave it out.</param>
    /// <param name="options">How the plan is made and applied: accepted findings, the journal; null: the defaults.</param>
    /// <returns>The plan. A virtual function that would go while a domain or the host uses it is one of its findings, and it is refused.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="VirtualFunctionException">It cannot have virtual functions, or not so many.</exception>
    /// <exception cref="LibvirtNotThisHostException"><paramref name="libvirt"/> answered, and is not known to be this machine's.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    /// <exception cref="ArgumentException">An accepted id is not a finding's.</exception>
    VirtualFunctionPlan PlanVirtualFunctions(PciAddress physicalFunction, int count, LibvirtFacts? libvirt = null, PlanOptions? options = null);

    /// <summary>Reads what boots the host, which command line runs and which one is configured, also of a captured or a fake host.</summary>
    /// <returns>The boot configuration as its files say it now.</returns>
    BootConfiguration ReadBootConfiguration();

    /// <summary>
    /// Plans a change of the kernel's parameters and modules at the next boot. Nothing happens before <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="change">The change; <see cref="Readiness.BootRecommendation"/> makes one of what passthrough needs.</param>
    /// <param name="options">How the plan is applied: the journal, time-outs; null: the defaults.</param>
    /// <returns>
    /// The plan. On this machine (<see cref="PassthroughHost.Local"/>) it edits the boot files and runs the commands that follow. On a
    /// host at a directory (<see cref="PassthroughHost.At"/>), or a fake one, it edits the files there and leaves the commands to you
    /// (<see cref="BootPlan.CommandsLeft"/>).
    /// </returns>
    /// <exception cref="BootUncertainException">A line of a file stands in the way.</exception>
    /// <exception cref="BootException">It cannot be done with certainty; the message says why.</exception>
    /// <exception cref="HostNotLocalException">The host can only be read: an archive, a dump, a file system in memory, or <c>/</c> without <see cref="PassthroughHost.Local"/>.</exception>
    BootPlan PlanBoot(BootChange change, PlanOptions? options = null);

    /// <summary>
    /// Plans to take back the latest change of the boot configuration that is not taken back yet, byte for byte. A change that did not
    /// finish, because its program ended, counts as one.
    /// </summary>
    /// <param name="options">How the plan is applied: the journal, time-outs; null: the defaults.</param>
    /// <returns>The plan; empty when there is no change to revert.</returns>
    /// <exception cref="BootConflictException">Somebody changed a file since.</exception>
    /// <exception cref="BootException">The history of the changes cannot be read.</exception>
    /// <exception cref="HostNotLocalException">The host can only be read: an archive, a dump, a file system in memory, or <c>/</c> without <see cref="PassthroughHost.Local"/>.</exception>
    BootPlan PlanBootRevert(PlanOptions? options = null);

    /// <summary>
    /// Makes a plan again that was saved as JSON, from what it asks for, and holds it against what was reviewed. Nothing happens before
    /// <see cref="Plans.Plan.ApplyAsync"/>, which asks the guards once more.
    /// </summary>
    /// <param name="saved">The saved plan.</param>
    /// <param name="libvirt">The connection of <see cref="SavedPlan.Connection"/>; null where the plan is about none. It must stay open until the plan is applied.</param>
    /// <param name="options">
    /// How the plan is applied; null: as it was saved, with the journal in its usual place. What is accepted here counts beside what was
    /// accepted then.
    /// </param>
    /// <returns>The plan, with the same steps. If a guard refuses it by now, it has that finding and no steps.</returns>
    /// <exception cref="SavedPlanException">
    /// It was made on another host, in another boot or for another device, its domain is gone, or what would be done differs from what
    /// was reviewed; <see cref="SavedPlanException.Problem"/> says which.
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="libvirt"/> is null and the plan is about a domain.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one; a plan for the boot files may also be of a host at a directory.</exception>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtNotThisHostException">The connection is not known to lead to this machine.</exception>
    Plan PlanAgain(SavedPlan saved, ILibvirtConnection? libvirt = null, PlanOptions? options = null);
}
