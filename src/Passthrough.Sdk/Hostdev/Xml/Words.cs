namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>libvirt's words for the values of the enums.</summary>
internal static class Words
{
    public static readonly (string Word, HostBackend Value)[] Backends =
        [("vfio", HostBackend.Vfio), ("kvm", HostBackend.Kvm), ("xen", HostBackend.Xen)];

    public static readonly (string Word, NicTeamingType Value)[] TeamingTypes =
        [("persistent", NicTeamingType.Persistent), ("transient", NicTeamingType.Transient)];

    public static readonly (string Word, StartupPolicy Value)[] StartupPolicies =
        [("mandatory", StartupPolicy.Mandatory), ("requisite", StartupPolicy.Requisite), ("optional", StartupPolicy.Optional)];

    public static readonly (string Word, UsbGuestReset Value)[] GuestResets =
        [("off", UsbGuestReset.Off), ("uninitialized", UsbGuestReset.Uninitialized), ("on", UsbGuestReset.On)];

    public static readonly (string Word, bool Value)[] Filters = [("filtered", true)];

    public static readonly (string Word, VhostScsiModel Value)[] VhostScsiModels =
    [
        ("virtio", VhostScsiModel.Virtio),
        ("virtio-transitional", VhostScsiModel.VirtioTransitional),
        ("virtio-non-transitional", VhostScsiModel.VirtioNonTransitional),
    ];

    public static readonly (string Word, MediatedModel Value)[] MediatedModels =
        [("vfio-pci", MediatedModel.VfioPci), ("vfio-ccw", MediatedModel.VfioCcw), ("vfio-ap", MediatedModel.VfioAp)];

    public static string Of<T>(T value, ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        foreach (var (word, known) in words)
        {
            if (EqualityComparer<T>.Default.Equals(value, known))
            {
                return word;
            }
        }

        throw new LibvirtXmlException(null, $"{value} is no {typeof(T).Name}");
    }
}
