namespace Passthrough.Sdk.Readiness;

/// <content>Findings about other domains and about free slots of the domain itself.</content>
public static partial class FindingIds
{
    /// <summary>The definition of another domain also uses the device.</summary>
    public const string DeviceInOtherDefinition = "device.in-other-definition";

    /// <summary>The definition of a domain uses a virtual function that would be removed.</summary>
    public const string VirtualFunctionInDefinition = "device.virtual-function-in-definition";

    /// <summary>A virtual function that the change creates again would lose its driver or its settings.</summary>
    public const string VirtualFunctionSettingsLost = "device.virtual-function-settings-lost";

    /// <summary>Another domain has a device of the same IOMMU group, or its definition uses one.</summary>
    public const string GroupInUseByDomain = "group.in-use-by-domain";

    /// <summary>The running domain has no free slot for the device.</summary>
    public const string DomainNoFreeSlot = "domain.no-free-slot";

    /// <summary>The domain names the device in a part of its XML from which libvirt cannot remove it.</summary>
    public const string DomainDeviceByHand = "domain.device-by-hand";

    /// <summary>The domain has a managed save image, so its next start does not use its definition.</summary>
    public const string DomainManagedSave = "domain.managed-save";
}
