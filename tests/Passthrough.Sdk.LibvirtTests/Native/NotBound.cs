namespace Passthrough.Sdk.LibvirtTests.Native;

/// <summary>The families of libvirt's functions that this library does without, and why.</summary>
internal static class NotBound
{
    public static readonly (string Pattern, string Reason)[] Families =
    [
        ("vir(Connect(ListAll|List|NumOf|ListDefined|NumOfDefined))?(Network|Interface|Secret|NWFilter|Storage|Stream).*", "other kinds of objects"),
        ("virConnect(List|NumOf)(Defined)?(Networks|Interfaces|Secrets|NWFilters|StoragePools)", "other kinds of objects"),
        ("virConnectListAll(Networks|Interfaces|Secrets|NWFilters|NWFilterBindings|StoragePools)", "other kinds of objects"),
        ("virConnect(Network|Secret|StoragePool)Event.*", "other kinds of objects"),
        ("virConnect(FindStoragePoolSources|GetStoragePoolCapabilities)", "other kinds of objects"),
        ("virTypedParam.*", "no bound function takes typed parameters"),
        ("virConnect(Baseline|Compare).*", "CPU models"),
        ("virConnectGet(CPUModelNames|MaxVcpus|AllDomainStats|Sysinfo)", "CPUs, statistics, firmware tables: not passthrough"),
        ("virConnectDomainXML(From|To)Native", "conversions of foreign configurations"),
        ("virConnect(ListDomains|ListDefinedDomains|NumOfDomains|NumOfDefinedDomains)", "counted and listed in two calls: replaced by virConnectListAllDomains"),
        ("virConnectDomainEvent(Register|Deregister)", "replaced by the Any functions"),
        ("virConnectOpen(ReadOnly)?", "replaced by virConnectOpenAuth, which has their flag"),
        ("virConnectSetIdentity", "acting for somebody else is for daemons between libvirt's own"),
        ("virConnect(IsEncrypted|IsSecure)", "the URI says it"),
        ("virConn(Copy|Get|Reset|SetError).*", "errors of connections: not thread safe, replaced by those of threads"),
        ("virCopyLastError|virDefaultErrorFunc|virFreeError|virGetLastError(Code|Domain|Message)|virResetError|virSaveLastError", "virGetLastError gives all of it"),
        ("virEvent(Add|Update|Remove)(Handle|Timeout)|virEventRegisterImpl", "an event loop of one's own; libvirt's default is used"),
        ("virNode(?!Device).*", "the host's CPUs and memory: the kernel is asked directly"),
        ("virNodeDeviceDettach", "replaced by virNodeDeviceDetachFlags"),
        ("virNodeDeviceLookupSCSIHostByWWN", "the XML says it"),
        ("vir(NodeDevice|Domain)Ref", "one handle, one reference"),
        ("virDomain(Snapshot|Checkpoint|Backup|Block|Migrate|Save|Restore|ManagedSave).*", "the domain's disks, state and travels"),
        ("virDomain(HasCurrentSnapshot|ListAllSnapshots|ListAllCheckpoints|RevertToSnapshot)", "the domain's disks, state and travels"),
        ("virDomain(AttachDevice|DetachDevice|Create|CreateLinux|DefineXML|Destroy|Shutdown|Undefine|GetUUIDString|LookupByUUIDString|LookupByID|GetInfo)", "replaced by a function with flags or of wider use"),
        ("virDomainCreate(XML|WithFiles|XMLWithFiles)|virDomainFDAssociate", "transient domains and passed descriptors"),
        ("virDomain(Get|Set|Pin|Add|Del|IOThread|ListGetStats|StatsRecord|MemoryStats|Interface|StartDirtyRate).*", "tuning and statistics; what matters here is in the XML"),
        ("virDomainQemu(MonitorCommand|MonitorCommandFlags|MonitorCommandWithFiles|Attach)|virConnectDomainQemuMonitorEvent(Register|Deregister)", "QEMU's monitor, behind libvirt's back"),
        ("virDomain(AbortJob.*|Agent.*|AuthorizedSSHKeys.*|CoreDump.*|FS.*|InjectNMI|IsUpdated|MemoryPeek|Open.*|PM.*|Reboot|Rename|Reset|Resume|Suspend|Screenshot|Send.*)", "the guest's inside, its consoles and its power, beyond start and stop"),
    ];
}
