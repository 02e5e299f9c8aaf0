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
/// Represents a host that can be captured, planned for and changed: <see cref="PassthroughHost"/>, or a replacement for it in a test.
/// </summary>
/// <remarks>Thread safety: all members of the library's own hosts may be called from several threads at the same time.</remarks>
public interface IPassthroughHost
{
    /// <summary>Gets the source of the host: <c>/</c> for this machine, otherwise the directory or file.</summary>
    string Source { get; }

    /// <summary>
    /// Gets whether the host is this machine itself, created by <see cref="PassthroughHost.Local"/>. Only then can it plan, act and
    /// watch. Every other host, including one at <c>/</c>, is only read, with one exception: a host in a directory can change the boot
    /// files there (<see cref="PlanBoot"/>). A fake host of Passthrough.Sdk.Testing is also local: it plans and acts on its own files.
    /// </summary>
    bool IsLocal { get; }

    /// <summary>Reads the host.</summary>
    /// <param name="options">The options for what is read; null means <see cref="CaptureOptions.Default"/>.</param>
    /// <returns>
    /// The current state of the host. A device that disappears during the capture, or a file that may not be read, causes no
    /// exception; <see cref="HostSnapshot.Unread"/> lists it.
    /// </returns>
    HostSnapshot Capture(CaptureOptions? options = null);

    /// <summary>Reads the host as <see cref="Capture"/> does, on a separate thread.</summary>
    /// <param name="options">The options for what is read; null means <see cref="CaptureOptions.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the capture before it begins. A read that the kernel blocks is not interrupted; the capture continues without that file after two seconds.</param>
    /// <returns>The current state of the host.</returns>
    /// <exception cref="OperationCanceledException">The capture was cancelled before it began.</exception>
    Task<HostSnapshot> CaptureAsync(CaptureOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>Captures everything about the host into an archive (tar.gz), which <see cref="PassthroughHost.At"/> can read like the host itself.</summary>
    /// <param name="archive">The stream to which the archive is written; it stays open. The same host produces the same bytes.</param>
    /// <param name="includeSecrets">
    /// Whether the archive contains serial numbers, hardware addresses and UUIDs. Otherwise they are replaced by zeros of the same
    /// form. The archive never contains the running processes and their open files.
    /// </param>
    /// <returns>The snapshot that was captured for the archive, with the details of every function.</returns>
    /// <exception cref="IOException">The archive cannot be written.</exception>
    HostSnapshot CaptureTo(Stream archive, bool includeSecrets = false);

    /// <summary>Reports the changes of this machine's PCI functions as they happen (<c>udevadm monitor --kernel --subsystem-match=pci</c>).</summary>
    /// <param name="options">
    /// The options for what is captured after each change; null means <see cref="CaptureOptions.DevicesOnly"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>
    /// A change of kind <see cref="HostChangeKind.Started"/> with the first snapshot, then every change in the kernel's order. If the
    /// kernel had to drop messages, a change of kind <see cref="HostChangeKind.Overflowed"/> with a fresh snapshot.
    /// </returns>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    /// <exception cref="HostSourceException">The kernel or a sandbox does not allow reading its messages.</exception>
    /// <exception cref="OperationCanceledException">The watch was cancelled.</exception>
    IAsyncEnumerable<HostChange> WatchAsync(CaptureOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Explains why an error occurred on this host: determines the devices and the domain that it concerns, reads the domain's log if
    /// there is one, captures the relevant facts, and derives the cause from them.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="options">Information that is already known and need not be searched for; null for none.</param>
    /// <returns>The explanation. It is not recognised if neither the error nor the log contains a known message.</returns>
    /// <exception cref="LibvirtXmlException"><see cref="ExplainOptions.DomainXml"/> is not valid XML.</exception>
    Explanation Explain(PassthroughError error, ExplainOptions? options = null);

    /// <summary>Reads the catalogues of translated messages that this host has, for <see cref="ExplainOptions.Catalogs"/> on another host.</summary>
    /// <returns>The catalogues of libvirt, virt-manager, the C library and bash; empty if the host has none.</returns>
    /// <remarks>
    /// <see cref="Explain(PassthroughError, ExplainOptions?)"/> reads the catalogues of its own host when it does not recognise a
    /// text. Source: <c>/usr/share/locale/LANGUAGE/LC_MESSAGES/DOMAIN.mo</c>. They can occupy some tens of MiB.
    /// </remarks>
    ValueList<MessageCatalog> ReadMessageCatalogs();

    /// <summary>Explains why libvirt failed on this host; see <see cref="Explain(PassthroughError, ExplainOptions?)"/>.</summary>
    /// <param name="error">libvirt's error, or an exception that contains it as an inner exception.</param>
    Explanation Explain(Exception error);

    /// <summary>Plans the assignment of a device to a domain (<c>virsh attach-device</c>). Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="device">The device.</param>
    /// <param name="to">The domain, on this host. A running domain gets the device at once; a persistent domain also gets it at every later start.</param>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    AssignmentPlan Plan(PciDevice device, ILibvirtDomain to);

    /// <summary>
    /// Plans the assignment of devices to several domains, or their release, as one plan (<c>virsh attach-device</c>, <c>virsh detach-device</c>): if a step
    /// for one domain fails, the steps for all are undone. Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="requests">What each domain is to get or to lose; each domain and each device once.</param>
    /// <param name="options">The options for applying the plan; null means the defaults.</param>
    /// <returns>The plan. If a guard refuses the part of one domain, the whole plan is refused, and its findings say so.</returns>
    /// <exception cref="ArgumentException">No request is given, the domains belong to different connections, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="AssignmentException">A domain or a device is named twice, or a request contradicts itself or its domain. Nothing was changed.</exception>
    /// <exception cref="LibvirtXmlException">A guest has no free bus number for a controller that its request needs.</exception>
    /// <exception cref="LibvirtException">libvirt cannot describe a domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The connection of the domains is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    CombinedPlan PlanTogether(IEnumerable<DomainRequest> requests, PlanOptions? options = null);

    /// <summary>Plans the assignment of devices to a domain (<c>virsh attach-device</c>): whole cards, whole IOMMU groups, the running guest, the definition or both.</summary>
    /// <param name="request">The devices, and how the domain gets them.</param>
    /// <param name="to">The domain, on this host.</param>
    /// <param name="options">The options for applying the plan; null means the defaults.</param>
    /// <returns>The plan. If a guard refuses it, its findings say so.</returns>
    /// <exception cref="AssignmentException">The request contradicts itself or the domain: only the running guest is meant and the domain is shut off, the domain has a device already with other settings, or another device has an alias, a place or a boot order of the request. Nothing was changed.</exception>
    /// <exception cref="LibvirtXmlException">The guest has no free bus number for a controller that the request needs.</exception>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    AssignmentPlan Plan(AssignmentRequest request, ILibvirtDomain to, PlanOptions? options = null);

    /// <summary>Plans to release devices from a domain (<c>virsh detach-device</c>) and to return them to the host's drivers.</summary>
    /// <param name="request">The devices, and where the domain loses them.</param>
    /// <param name="from">The domain, on this host.</param>
    /// <param name="options">The options for applying the plan; null means the defaults.</param>
    /// <returns>The plan. It has no steps if the domain has none of the devices and the host has them all.</returns>
    /// <exception cref="AssignmentException">The domain is shut off and only the running guest is meant, or it has no definition and only that is meant. Nothing was changed.</exception>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtTimeoutException">libvirt does not answer. Nothing was changed.</exception>
    /// <exception cref="LibvirtNotThisHostException">The domain's connection is not known to lead to this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    AssignmentPlan PlanRelease(ReleaseRequest request, ILibvirtDomain from, PlanOptions? options = null);

    /// <summary>Undoes the plans that were interrupted, for example by a crash. They are the entries of the journal in <see cref="PlanOptions.JournalDirectory"/>.</summary>
    /// <param name="open">Opens a connection to the hypervisor of a plan, by its URI.</param>
    /// <param name="options">The directory of the journal and the time-outs; null means the defaults.</param>
    /// <param name="cancellationToken">Stops before the next entry; the remaining entries stay in the journal.</param>
    /// <returns>
    /// One outcome for each entry, the newest first; empty if there are no entries. An entry that cannot be undone does not stop the
    /// others; its outcome contains the reason and what to do.
    /// </returns>
    /// <exception cref="PassthroughException">The journal cannot be read, or another program is applying a plan. No entry was changed.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    /// <exception cref="OperationCanceledException">Recovery was cancelled while it waited for the journal, or between two entries.</exception>
    Task<ValueList<PlanRecovery>> RecoverAsync(
        Func<string, ILibvirtConnection> open, PlanOptions? options = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Plans to bind devices to VFIO, or to another driver, without libvirt (<c>driver_override</c>, <c>unbind</c>, <c>drivers_probe</c>).
    /// Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="devices">The devices' addresses: for a guest, all members of their IOMMU groups that are not bridges.</param>
    /// <param name="driver">
    /// The driver's name, such as <c>vfio-pci</c> or <c>mlx5_vfio_pci</c>; null to choose the driver for guests: the variant of vfio-pci that
    /// is made for the device (/lib/modules/RELEASE/modules.alias, the most specific alias), otherwise vfio-pci; pciback in a Xen dom0.
    /// </param>
    /// <param name="libvirt">Facts from libvirt about the devices that domains own (<see cref="LibvirtFacts.Read(string)"/>); null to plan without them.</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>
    /// The plan. It is refused, with a finding, if the host uses one of the devices. It has no steps if the devices are bound already. The
    /// previous bindings are recorded until the next reboot, for <see cref="PlanUnbind"/>.
    /// </returns>
    /// <exception cref="ArgumentException">No device is given, the driver's name is not one, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="PassthroughException">The current binding of a device cannot be read.</exception>
    /// <exception cref="LibvirtNotThisHostException"><paramref name="libvirt"/> answered, but is not known to be the libvirt of this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanBind(IEnumerable<PciAddress> devices, string? driver = null, LibvirtFacts? libvirt = null, PlanOptions? options = null);

    /// <summary>Plans to return devices to the drivers that they had before <see cref="PlanBind"/>. Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="driver">
    /// The driver's name; null to restore the recorded driver and <c>driver_override</c> exactly. If nothing is recorded,
    /// <c>driver_override</c> is cleared and the kernel chooses the driver.
    /// </param>
    /// <param name="libvirt">Facts from libvirt about the devices that domains own (<see cref="LibvirtFacts.Read(string)"/>); null to plan without them.</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>The plan. It is refused, with a finding, if a guest or a program uses one of the devices. It has no steps if the devices are free already.</returns>
    /// <exception cref="ArgumentException">No device is given, the driver's name is not one, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="PassthroughException">The current binding of a device cannot be read.</exception>
    /// <exception cref="LibvirtNotThisHostException"><paramref name="libvirt"/> answered, but is not known to be the libvirt of this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanUnbind(IEnumerable<PciAddress> devices, string? driver = null, LibvirtFacts? libvirt = null, PlanOptions? options = null);

    /// <summary>Plans to reset a device (<c>/sys/bus/pci/devices/ADDRESS/reset</c>). Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="device">The device's address.</param>
    /// <param name="method">
    /// The method, one of <see cref="Pci.Details.PciDeviceDetails.ResetMethods"/>, such as <c>flr</c>; null for the kernel's order. The device's
    /// list of methods is restored afterwards.
    /// </param>
    /// <param name="libvirt">Facts from libvirt about the devices that domains own (<see cref="LibvirtFacts.Read(string)"/>); null to plan without them.</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>
    /// The plan. It is refused, with a finding, if the device is in use, if the kernel has no method to reset it, or if the only method would
    /// reset other functions too. A reset cannot be undone.
    /// </returns>
    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="ResetMethodException">The device does not have the method.</exception>
    /// <exception cref="ArgumentException">The method's name is not one, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="LibvirtNotThisHostException"><paramref name="libvirt"/> answered, but is not known to be the libvirt of this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanReset(PciAddress device, string? method = null, LibvirtFacts? libvirt = null, PlanOptions? options = null);

    /// <summary>Plans to create a mediated device (<c>mdevctl start</c>, <c>virsh nodedev-create</c>). Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="parent">The name of the parent device in sysfs, one of <see cref="Host.MediatedDevices.MediatedDeviceStatus.Parents"/>: a PCI address, or another name such as <c>matrix</c>.</param>
    /// <param name="type">The type, one of the parent's types: <c>nvidia-35</c>.</param>
    /// <param name="uuid">The UUID of the new device; null to choose one.</param>
    /// <param name="startsAtBoot">Whether the device is also defined in mdevctl's files, so that it is created at every boot (<c>mdevctl define --auto</c>).</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>The plan. It is refused, with a finding, if no instance is left. It has no steps if the device exists already as requested.</returns>
    /// <exception cref="Host.MediatedDevices.MediatedDeviceException">The host has no such parent or type, this is unknown, or another device has the UUID.</exception>
    /// <exception cref="ArgumentException">A name cannot be one of sysfs, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanMediatedDevice(string parent, string type, Guid? uuid = null, bool startsAtBoot = false, PlanOptions? options = null);

    /// <summary>Plans to remove a mediated device (<c>mdevctl stop</c>, <c>virsh nodedev-destroy</c>). Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="uuid">The UUID of the device.</param>
    /// <param name="undefines">Whether its definition in mdevctl's files is removed too (<c>mdevctl undefine</c>), so that it is not created again at boot.</param>
    /// <param name="libvirt">Facts from libvirt about the domains that use the device (<see cref="LibvirtFacts.Read(string)"/>); null to plan without them.</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>The plan. It is refused, with a finding, if a running domain or a process has the device.</returns>
    /// <exception cref="Host.MediatedDevices.MediatedDeviceException">The host has no such device, or this is unknown.</exception>
    /// <exception cref="ArgumentException">An accepted id is not the id of a finding.</exception>
    /// <exception cref="PassthroughException">It cannot be determined which processes have the device open.</exception>
    /// <exception cref="LibvirtNotThisHostException"><paramref name="libvirt"/> answered, but is not known to be the libvirt of this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanMediatedDeviceRemoval(Guid uuid, bool undefines = false, LibvirtFacts? libvirt = null, PlanOptions? options = null);

    /// <summary>
    /// Plans to bind devices to a driver at every boot, by one rule file of udev for each device. The current bindings stay. Nothing is changed
    /// until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="driver">The driver's name in <c>/sys/bus/pci/drivers</c>.</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>
    /// The plan. It is refused, with a finding, if the host uses one of the devices, if another program's file configures it, or if its rule
    /// file was edited. It has no steps if the files are there already.
    /// </returns>
    /// <exception cref="ArgumentException">No device is given, the driver's name is not one, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="Persistence.PersistenceException">A device could not be recognised at the next boot, because its ids are not known.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanPersist(IEnumerable<PciAddress> devices, string driver = Persistence.PersistentBinding.DefaultDriver, PlanOptions? options = null);

    /// <summary>
    /// Plans to create virtual functions of a physical function at every boot, when its driver has bound. Nothing is changed until
    /// <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="physicalFunction">The physical function.</param>
    /// <param name="count">The number of virtual functions.</param>
    /// <param name="probesDrivers">Whether the host's drivers bind to the virtual functions (<c>sriov_drivers_autoprobe</c>).</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>The plan. It has no steps if the file is there already.</returns>
    /// <exception cref="ArgumentException">An accepted id is not the id of a finding.</exception>
    /// <exception cref="Persistence.PersistenceException">The device cannot have that many virtual functions, or its ids are not known.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanPersistVirtualFunctions(PciAddress physicalFunction, int count, bool probesDrivers = false, PlanOptions? options = null);

    /// <summary>
    /// Plans to remove the rule files that bind devices, or create their virtual functions, at every boot. The devices need not exist any
    /// longer, and their current bindings stay. Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="devices">The devices' addresses.</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>The plan. It is refused, with a finding, if a file was edited. It has no steps if there is no file of this library.</returns>
    /// <exception cref="ArgumentException">No device is given, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanUnpersist(IEnumerable<PciAddress> devices, PlanOptions? options = null);

    /// <summary>
    /// Asks the guards whether a domain can start: whether the host can lose the devices that the domain names now, whatever it could when they were
    /// assigned. libvirt is not asked, so its hook can ask this.
    /// </summary>
    /// <param name="domainXml">The XML of the domain, as libvirt passes it to the hook, or <c>virsh dumpxml --inactive</c>.</param>
    /// <returns>The answer. Devices that other domains have are not a part of it: libvirt refuses those itself.</returns>
    /// <exception cref="Hostdev.LibvirtXmlException">The XML is not that of a domain.</exception>
    Starts.StartCheck CheckStart(string domainXml);

    /// <summary>Reads whether libvirt asks the guards before it starts a domain (<c>/etc/libvirt/hooks</c>).</summary>
    /// <returns>The state of the hook, with its reason.</returns>
    Starts.StartHookStatus ReadStartHook();

    /// <summary>
    /// Plans to install the hook that libvirt calls before each start of a domain, beside the hooks that are there. A running daemon that
    /// had no hook when it started calls it only after a restart, which <see cref="ReadStartHook"/> tells. Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="hook">The program, and what happens if it fails.</param>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>The plan. It is refused, with a finding, if the file was edited. It has no steps if the hook is installed already.</returns>
    /// <exception cref="ArgumentException">The command cannot be that of a hook, or an accepted id is not the id of a finding.</exception>
    /// <exception cref="Files.HostFileException">The file of the hook cannot be read.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanStartHook(Starts.StartHookOptions hook, PlanOptions? options = null);

    /// <summary>Plans to remove the hook that libvirt calls before each start of a domain. Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.</summary>
    /// <param name="options">The options for making and applying the plan; null means the defaults.</param>
    /// <returns>The plan. It is refused, with a finding, if the file was edited. It has no steps if the hook is not installed.</returns>
    /// <exception cref="ArgumentException">An accepted id is not the id of a finding.</exception>
    /// <exception cref="Files.HostFileException">The file of the hook cannot be read.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DevicePlan PlanStartHookRemoval(PlanOptions? options = null);

    /// <summary>
    /// Plans a change of the number of virtual functions of a physical function, with the default options and without facts from libvirt. Nothing is changed
    /// until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="physicalFunction">The physical function.</param>
    /// <param name="count">The requested number; 0 removes all virtual functions.</param>
    /// <returns>The plan. It is refused, with a finding, if a virtual function that would disappear is used by the host.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="VirtualFunctionException">The function cannot have virtual functions, or fewer than requested.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    VirtualFunctionPlan PlanVirtualFunctions(PciAddress physicalFunction, int count);

    /// <summary>
    /// Plans the virtual functions of a physical function: their number, their settings, and whether the host binds its drivers to them. Nothing is
    /// changed until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="physicalFunction">The physical function.</param>
    /// <param name="request">The requested virtual functions. With the current number, only the settings are made.</param>
    /// <param name="libvirt">Facts from libvirt about the devices that domains own or request (<see cref="LibvirtFacts.Read(string)"/>); null to plan without them.</param>
    /// <param name="options">
    /// The options for making and applying the plan, such as accepted findings and the journal; null means the defaults.
    /// </param>
    /// <returns>The plan. It is refused, with a finding, if a virtual function that would disappear or be set is used by a domain or the host.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="request"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The requested number is negative.</exception>
    /// <exception cref="DeviceNotFoundException">The host has no such function.</exception>
    /// <exception cref="VirtualFunctionException">
    /// The function cannot have virtual functions, or fewer than requested; a setting is not valid, such as a multicast address or a VLAN above 4094; or
    /// the function has no network interface through which they can be set.
    /// </exception>
    /// <exception cref="LibvirtNotThisHostException"><paramref name="libvirt"/> answered, but is not known to be the libvirt of this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    /// <exception cref="ArgumentException">An accepted id is not the id of a finding.</exception>
    VirtualFunctionPlan PlanVirtualFunctions(PciAddress physicalFunction, VirtualFunctionRequest request, LibvirtFacts? libvirt = null, PlanOptions? options = null);

    /// <summary>Compares the host with its desired state. Nothing is changed. This also works for a captured or a fake host.</summary>
    /// <param name="state">The state.</param>
    /// <returns>What differs, and what cannot be determined.</returns>
    /// <exception cref="DesiredState.HostStateException">A value of the state is not valid, or two of its items contradict each other.</exception>
    DesiredState.StateReport CheckState(DesiredState.HostState state);

    /// <summary>
    /// Plans to make the host as a state says, by plans of the other kinds. What the state does not mention is left alone. Nothing is changed
    /// until <see cref="Plans.Plan.ApplyAsync"/>, which throws a <see cref="DesiredState.StateFailedException"/> if a part fails after others were applied.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="libvirt">Facts from libvirt about the devices that domains own (<see cref="LibvirtFacts.Read(string)"/>); null to plan without them.</param>
    /// <param name="options">The options for making and applying the plan and its parts; null means the defaults.</param>
    /// <returns>
    /// The plan. It has no steps if there is nothing to do. It is refused, with a finding, if a guard refuses one of its parts, if a selector
    /// matches another number of devices than the state expects, or if there is no plan for a part.
    /// </returns>
    /// <exception cref="DesiredState.HostStateException">A value of the state is not valid, two of its items contradict each other, or the hook has no command.</exception>
    /// <exception cref="ArgumentException">An accepted id is not the id of a finding.</exception>
    /// <exception cref="LibvirtNotThisHostException"><paramref name="libvirt"/> answered, but is not known to be the libvirt of this machine.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one.</exception>
    DesiredState.StatePlan PlanState(DesiredState.HostState state, LibvirtFacts? libvirt = null, PlanOptions? options = null);

    /// <summary>Reads which loader boots the host, the running command line and the configured one. This also works for a captured or a fake host.</summary>
    /// <returns>The boot configuration according to the current files.</returns>
    BootConfiguration ReadBootConfiguration();

    /// <summary>
    /// Plans a change of the kernel parameters and modules for the next boot. Nothing is changed until <see cref="Plans.Plan.ApplyAsync"/>.
    /// </summary>
    /// <param name="change">The change; <see cref="Readiness.BootRecommendation"/> provides the one that passthrough needs.</param>
    /// <param name="options">The options for applying the plan, such as the journal and time-outs; null means the defaults.</param>
    /// <returns>
    /// The plan. On this machine (<see cref="PassthroughHost.Local"/>), it edits the boot files and runs the commands that must follow.
    /// For a host in a directory (<see cref="PassthroughHost.At"/>), or a fake host, it edits the files there but does not run the
    /// commands (<see cref="BootPlan.CommandsLeft"/>).
    /// </returns>
    /// <exception cref="BootUncertainException">A line of a file prevents the change.</exception>
    /// <exception cref="BootException">The effect of the change would not be certain; the message says why.</exception>
    /// <exception cref="HostNotLocalException">The host can only be read: an archive, a dump, a file system in memory, or <c>/</c> without <see cref="PassthroughHost.Local"/>.</exception>
    BootPlan PlanBoot(BootChange change, PlanOptions? options = null);

    /// <summary>
    /// Plans to revert, byte for byte, the latest change of the boot configuration that has not been reverted. A change that was
    /// interrupted because its program ended counts too.
    /// </summary>
    /// <param name="options">The options for applying the plan, such as the journal and time-outs; null means the defaults.</param>
    /// <returns>The plan; empty if there is no change to revert.</returns>
    /// <exception cref="BootConflictException">Another program changed a file after the change.</exception>
    /// <exception cref="BootException">The history of the changes cannot be read.</exception>
    /// <exception cref="HostNotLocalException">The host can only be read: an archive, a dump, a file system in memory, or <c>/</c> without <see cref="PassthroughHost.Local"/>.</exception>
    BootPlan PlanBootRevert(PlanOptions? options = null);

    /// <summary>
    /// Makes a saved plan again from its request, and compares the result with what was reviewed. Nothing is changed until
    /// <see cref="Plans.Plan.ApplyAsync"/>, which checks the guards once more.
    /// </summary>
    /// <param name="saved">The saved plan.</param>
    /// <param name="libvirt">The connection of <see cref="SavedPlan.Connection"/>; null if the plan does not use libvirt. The connection must stay open until the plan is applied.</param>
    /// <param name="options">
    /// How the plan is applied; null means the saved options and the directory of the journal that this host uses by default. Findings that are accepted here
    /// are accepted in addition to those of the saved plan.
    /// </param>
    /// <returns>The plan, with the same steps. If a guard now refuses it, it has that finding and no steps.</returns>
    /// <exception cref="SavedPlanException">
    /// The plan was made on another host, in another boot or for another device, its domain no longer exists, or its steps would differ
    /// from those that were reviewed; <see cref="SavedPlanException.Problem"/> says which.
    /// </exception>
    /// <exception cref="ArgumentNullException"><paramref name="libvirt"/> is null, but the plan concerns a domain.</exception>
    /// <exception cref="HostNotLocalException">This host is not the local one; a plan for the boot files may also belong to a host in a directory.</exception>
    /// <exception cref="LibvirtException">libvirt cannot describe the domain.</exception>
    /// <exception cref="LibvirtNotThisHostException">The connection is not known to lead to this machine.</exception>
    Plan PlanAgain(SavedPlan saved, ILibvirtConnection? libvirt = null, PlanOptions? options = null);
}
