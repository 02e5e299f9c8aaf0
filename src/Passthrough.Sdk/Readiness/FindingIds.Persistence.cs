namespace Passthrough.Sdk.Readiness;

/// <content>Findings about what files of the host configure for every boot.</content>
public static partial class FindingIds
{
    /// <summary>The address in a file that configures a device for every boot belongs to another device, or to none.</summary>
    public const string PersistenceDeviceMoved = "persistence.device-moved";

    /// <summary>Two files configure the same device for every boot.</summary>
    public const string PersistenceConflict = "persistence.conflict";

    /// <summary>A device does not have the driver or the virtual functions that a file configures for every boot.</summary>
    public const string PersistenceNotInEffect = "persistence.not-in-effect";

    /// <summary>A rule file that a plan would replace or remove was edited after it was written.</summary>
    public const string PersistenceFileEdited = "persistence.file-edited";

    /// <summary>A rule would not take a disk controller or a display from a driver that has it before udev reads the rule.</summary>
    public const string PersistenceTooLate = "persistence.too-late";

    /// <summary>A file that should configure a device for every boot cannot be understood.</summary>
    public const string PersistenceFileMalformed = "persistence.file-malformed";
}
