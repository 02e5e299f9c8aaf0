namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>libvirt's words for the values of the enums; an attribute that is absent is null.</summary>
/// <remarks>Written out, because one generic table for all of them is compiled again for each enum, at the first read.</remarks>
internal static class Words
{
    public static HostBackend? Backend(XmlElementView element, string name) => !element.TryAttribute(name, out var word) ? null : word switch
    {
        "vfio" => HostBackend.Vfio,
        "kvm" => HostBackend.Kvm,
        "xen" => HostBackend.Xen,
        _ => throw element.NoWord(name, word, "vfio, kvm, xen"),
    };

    public static string Of(HostBackend value) => value switch
    {
        HostBackend.Vfio => "vfio",
        HostBackend.Kvm => "kvm",
        HostBackend.Xen => "xen",
        _ => throw None(nameof(HostBackend), (int)value),
    };

    public static NicTeamingType? Teaming(XmlElementView element, string name) => !element.TryAttribute(name, out var word) ? null : word switch
    {
        "persistent" => NicTeamingType.Persistent,
        "transient" => NicTeamingType.Transient,
        _ => throw element.NoWord(name, word, "persistent, transient"),
    };

    public static string Of(NicTeamingType value) => value switch
    {
        NicTeamingType.Persistent => "persistent",
        NicTeamingType.Transient => "transient",
        _ => throw None(nameof(NicTeamingType), (int)value),
    };

    public static StartupPolicy? Startup(XmlElementView element, string name) => !element.TryAttribute(name, out var word) ? null : word switch
    {
        "mandatory" => StartupPolicy.Mandatory,
        "requisite" => StartupPolicy.Requisite,
        "optional" => StartupPolicy.Optional,
        _ => throw element.NoWord(name, word, "mandatory, requisite, optional"),
    };

    public static string Of(StartupPolicy value) => value switch
    {
        StartupPolicy.Mandatory => "mandatory",
        StartupPolicy.Requisite => "requisite",
        StartupPolicy.Optional => "optional",
        _ => throw None(nameof(StartupPolicy), (int)value),
    };

    public static UsbGuestReset? GuestReset(XmlElementView element, string name) => !element.TryAttribute(name, out var word) ? null : word switch
    {
        "off" => UsbGuestReset.Off,
        "uninitialized" => UsbGuestReset.Uninitialized,
        "on" => UsbGuestReset.On,
        _ => throw element.NoWord(name, word, "off, uninitialized, on"),
    };

    public static string Of(UsbGuestReset value) => value switch
    {
        UsbGuestReset.Off => "off",
        UsbGuestReset.Uninitialized => "uninitialized",
        UsbGuestReset.On => "on",
        _ => throw None(nameof(UsbGuestReset), (int)value),
    };

    public static VhostScsiModel? VhostScsi(XmlElementView element, string name) => !element.TryAttribute(name, out var word) ? null : word switch
    {
        "virtio" => VhostScsiModel.Virtio,
        "virtio-transitional" => VhostScsiModel.VirtioTransitional,
        "virtio-non-transitional" => VhostScsiModel.VirtioNonTransitional,
        _ => throw element.NoWord(name, word, "virtio, virtio-transitional, virtio-non-transitional"),
    };

    public static string Of(VhostScsiModel value) => value switch
    {
        VhostScsiModel.Virtio => "virtio",
        VhostScsiModel.VirtioTransitional => "virtio-transitional",
        VhostScsiModel.VirtioNonTransitional => "virtio-non-transitional",
        _ => throw None(nameof(VhostScsiModel), (int)value),
    };

    public static MediatedModel? Mediated(XmlElementView element, string name) => !element.TryAttribute(name, out var word) ? null : word switch
    {
        "vfio-pci" => MediatedModel.VfioPci,
        "vfio-ccw" => MediatedModel.VfioCcw,
        "vfio-ap" => MediatedModel.VfioAp,
        _ => throw element.NoWord(name, word, "vfio-pci, vfio-ccw, vfio-ap"),
    };

    public static string Of(MediatedModel value) => value switch
    {
        MediatedModel.VfioPci => "vfio-pci",
        MediatedModel.VfioCcw => "vfio-ccw",
        MediatedModel.VfioAp => "vfio-ap",
        _ => throw None(nameof(MediatedModel), (int)value),
    };

    private static LibvirtXmlException None(string kind, int value) => new(null, $"{value} is not a {kind}");
}
