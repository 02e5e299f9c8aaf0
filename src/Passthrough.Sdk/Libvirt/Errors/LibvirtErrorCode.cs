namespace Passthrough.Sdk.Libvirt;

/// <summary>The kind of an error that libvirt reports: virErrorNumber of virterror.h.</summary>
/// <remarks>The numbers are those of libvirt. A code that has no name here keeps its number.</remarks>
public enum LibvirtErrorCode
{
    /// <summary>The call failed without a reason: libvirt reported no error.</summary>
    Ok = 0,

    /// <summary>An error for which libvirt has no better code. QEMU's own refusals have this code, with QEMU's text at the end.</summary>
    InternalError = 1,

    /// <summary>Out of memory.</summary>
    NoMemory = 2,

    /// <summary>The driver behind this connection has no such function.</summary>
    NoSupport = 3,

    /// <summary>The host's name cannot be resolved.</summary>
    UnknownHost = 4,

    /// <summary>There is no driver for this URI, or the hypervisor is not available.</summary>
    NoConnect = 5,

    /// <summary>The connection is closed or not a connection.</summary>
    InvalidConn = 6,

    /// <summary>Not a domain of this connection.</summary>
    InvalidDomain = 7,

    /// <summary>The function does not accept an argument.</summary>
    InvalidArg = 8,

    /// <summary>The operation failed in the hypervisor, or the guest refused to release a device.</summary>
    OperationFailed = 9,

    /// <summary>The domain's OS type is unknown to the hypervisor.</summary>
    OsType = 16,

    /// <summary>The XML has no name.</summary>
    NoName = 21,

    /// <summary>The XML is invalid, or requests something impossible.</summary>
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

    /// <summary>The communication with the daemon failed.</summary>
    Rpc = 39,

    /// <summary>TLS failed.</summary>
    GnutlsError = 40,

    /// <summary>There is no such domain.</summary>
    NoDomain = 42,

    /// <summary>There is no such network.</summary>
    NoNetwork = 43,

    /// <summary>Not a MAC address.</summary>
    InvalidMac = 44,

    /// <summary>The daemon did not accept this user.</summary>
    AuthFailed = 45,

    /// <summary>Not a node device of this connection.</summary>
    InvalidNodeDevice = 52,

    /// <summary>There is no such node device.</summary>
    NoNodeDevice = 53,

    /// <summary>The security model is not available.</summary>
    NoSecurityModel = 54,

    /// <summary>The operation is not possible in the current state: not running, already running, or in use by another domain.</summary>
    OperationInvalid = 55,

    /// <summary>There is no such host interface.</summary>
    NoInterface = 57,

    /// <summary>This host or hypervisor does not support what the XML requests. On a host without a working IOMMU, every hostdev causes this error.</summary>
    ConfigUnsupported = 67,

    /// <summary>It took too long.</summary>
    OperationTimeout = 68,

    /// <summary>One of the administrator's hook scripts refused.</summary>
    HookScriptFailed = 70,

    /// <summary>The argument is valid but not supported here.</summary>
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

    /// <summary>The resource is in use by another program.</summary>
    ResourceBusy = 87,

    /// <summary>The access control driver (polkit) denied the access.</summary>
    AccessDenied = 88,

    /// <summary>A D-Bus service failed.</summary>
    DbusService = 89,

    /// <summary>The guest's CPU is not compatible with the host's.</summary>
    CpuIncompatible = 91,

    /// <summary>The XML does not conform to libvirt's schema; only with validation.</summary>
    XmlInvalidSchema = 92,

    /// <summary>No authentication agent is available to ask the user on behalf of polkit.</summary>
    AuthUnavailable = 94,

    /// <summary>There is no such server.</summary>
    NoServer = 95,

    /// <summary>There is no such client.</summary>
    NoClient = 96,

    /// <summary>The guest's agent gave an unexpected answer.</summary>
    AgentUnsynced = 97,

    /// <summary>The libssh transport failed.</summary>
    Libssh = 98,

    /// <summary>The domain has no such device.</summary>
    DeviceMissing = 99,

    /// <summary>No host name was found.</summary>
    NoHostname = 108,

    /// <summary>More than one domain matches.</summary>
    MultipleDomains = 110,
}
