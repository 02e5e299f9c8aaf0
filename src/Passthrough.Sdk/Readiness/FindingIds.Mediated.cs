namespace Passthrough.Sdk.Readiness;

/// <content>Findings about mediated devices that the host's facts show.</content>
public static partial class FindingIds
{
    /// <summary>A mediated device that is defined to be created at boot does not exist.</summary>
    public const string MediatedDeviceNotStarted = "mediated-device.not-started";

    /// <summary>Mediated devices are defined to be created at boot, but nothing creates them.</summary>
    public const string MediatedDeviceNoStarter = "mediated-device.no-starter";

    /// <summary>A file of mdevctl is not a definition, and mdevctl does nothing until it is.</summary>
    public const string MediatedDeviceDefinitionInvalid = "mediated-device.definition-invalid";
}
