namespace Passthrough.Sdk.Persistence;

/// <summary>What a rule file is about, as its header has it in JSON. Numbers of the device are hexadecimal digits, as in sysfs.</summary>
internal sealed record PersistentDocument(
    int Version,
    string Address,
    string Path,
    string Vendor,
    string Device,
    string? SubsystemVendor = null,
    string? SubsystemDevice = null,
    string? Class = null,
    string? SerialNumber = null,
    int? SerialNumberOffset = null,
    string? Driver = null,
    int? VirtualFunctions = null,
    bool? ProbesDrivers = null)
{
    /// <summary>The only version so far.</summary>
    public const int CurrentVersion = 1;
}
