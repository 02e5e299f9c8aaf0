namespace Passthrough.Sdk.Libvirt;

/// <summary>What kind of error libvirt reports: virErrorNumber of virterror.h.</summary>
/// <remarks>An open set: newer libvirt has more, and a code that has no name here is kept as its number. The numbers are libvirt's.</remarks>
public enum LibvirtErrorCode
{
    /// <summary>Failed without a reason: libvirt left no error.</summary>
    Ok = 0,

    /// <summary>Something that libvirt has no better code for; QEMU's own refusals arrive like this, with its text at the end.</summary>
    InternalError = 1,

    /// <summary>Out of memory.</summary>
    NoMemory = 2,

    /// <summary>The driver behind this connection has no such function.</summary>
    NoSupport = 3,

    /// <summary>The host's name cannot be resolved.</summary>
    UnknownHost = 4,

    /// <summary>No driver for this URI, or the hypervisor is not there.</summary>
    NoConnect = 5,

    /// <summary>The connection is closed or not a connection.</summary>
    InvalidConn = 6,

    /// <summary>Not a domain of this connection.</summary>
    InvalidDomain = 7,

    /// <summary>An argument the function does not take.</summary>
    InvalidArg = 8,

    /// <summary>The hypervisor tried and failed; the guest refused to give a device up.</summary>
    OperationFailed = 9,

    /// <summary>The domain's OS type is unknown to the hypervisor.</summary>
    OsType = 16,

    /// <summary>The XML is wrong, or asks for what cannot be.</summary>
    XmlError = 27,

    /// <summary>A domain of that name or UUID exists already.</summary>
    DomExist = 28,

    /// <summary>The connection is read-only.</summary>
    OperationDenied = 29,

    /// <summary>A configuration file cannot be opened.</summary>
    OpenFailed = 30,

    /// <summary>A configuration file cannot be read.</summary>
    ReadFailed = 31,

    /// <summary>A configuration file cannot be parsed.</summary>
    ParseFailed = 32,

    /// <summary>A configuration file has a syntax error.</summary>
    ConfSyntax = 33,

    /// <summary>A configuration file cannot be written.</summary>
    WriteFailed = 34,

    /// <summary>The detail of an XML error.</summary>
    XmlDetail = 35,

    /// <summary>A system call failed; the errno is <see cref="LibvirtException.Errno"/>.</summary>
    SystemError = 38,

    /// <summary>The conversation with the daemon failed.</summary>
    Rpc = 39,

    /// <summary>TLS failed.</summary>
    GnutlsError = 40,

    /// <summary>There is no such domain.</summary>
    NoDomain = 42,

    /// <summary>There is no such network.</summary>
    NoNetwork = 43,

    /// <summary>Not a MAC address.</summary>
    InvalidMac = 44,

    /// <summary>The daemon did not let this user in.</summary>
    AuthFailed = 45,

    /// <summary>Not a node device of this connection.</summary>
    InvalidNodeDevice = 52,

    /// <summary>There is no such node device.</summary>
    NoNodeDevice = 53,

    /// <summary>The security model is not there.</summary>
    NoSecurityModel = 54,

    /// <summary>Not in this state: not running, already running, in use by another domain.</summary>
    OperationInvalid = 55,

    /// <summary>There is no such host interface.</summary>
    NoInterface = 57,

    /// <summary>This host or hypervisor cannot do what the XML asks for; the answer to every hostdev on a host without a working IOMMU.</summary>
    ConfigUnsupported = 67,

    /// <summary>It took too long.</summary>
    OperationTimeout = 68,

    /// <summary>One of the administrator's hook scripts refused.</summary>
    HookScriptFailed = 70,

    /// <summary>The argument is valid, and not supported here.</summary>
    ArgumentUnsupported = 74,

    /// <summary>The operation was aborted.</summary>
    OperationAborted = 78,

    /// <summary>The authentication was cancelled.</summary>
    AuthCancelled = 79,

    /// <summary>The domain has no such metadata.</summary>
    NoDomainMetadata = 80,

    /// <summary>A number is too large.</summary>
    Overflow = 82,

    /// <summary>Not supported by this driver, or not for this kind of device.</summary>
    OperationUnsupported = 84,

    /// <summary>The SSH transport failed.</summary>
    Ssh = 85,

    /// <summary>The guest's agent does not answer.</summary>
    AgentUnresponsive = 86,

    /// <summary>Somebody else has it.</summary>
    ResourceBusy = 87,

    /// <summary>The access control driver (polkit) says no.</summary>
    AccessDenied = 88,

    /// <summary>A D-Bus service failed.</summary>
    DbusService = 89,

    /// <summary>The guest's CPU does not fit the host's.</summary>
    CpuIncompatible = 91,

    /// <summary>The XML does not fit libvirt's schema; only with validation.</summary>
    XmlInvalidSchema = 92,

    /// <summary>No authentication agent is at hand: polkit wants to ask somebody.</summary>
    AuthUnavailable = 94,

    /// <summary>There is no such server.</summary>
    NoServer = 95,

    /// <summary>There is no such client.</summary>
    NoClient = 96,

    /// <summary>The guest's agent answers something else.</summary>
    AgentUnsynced = 97,

    /// <summary>The libssh transport failed.</summary>
    Libssh = 98,

    /// <summary>The domain has no such device.</summary>
    DeviceMissing = 99,

    /// <summary>No host name was found.</summary>
    NoHostname = 108,

    /// <summary>More than one domain fits.</summary>
    MultipleDomains = 110,
}
