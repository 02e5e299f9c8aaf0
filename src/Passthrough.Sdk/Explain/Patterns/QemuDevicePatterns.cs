using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;
using static Passthrough.Sdk.Explain.ErrorPattern;

namespace Passthrough.Sdk.Explain.Patterns;

/// <summary>Messages of QEMU about an assigned device: its configuration, its reset, its ROM.</summary>
/// <remarks>Source: QEMU's hw/vfio/pci.c, pci-quirks.c, igd.c.</remarks>
internal static class QemuDevicePatterns
{
    public static ValueList<ErrorPattern> All { get; } =
    [
        // A mediated device belongs to the vendor's driver: its physical device works.
        new("vfio {mdev}: failed to read device config space", [.. MdevNotStarted]),
        new("vfio {mdev}: failed to get config info", [.. MdevNotStarted]),
        new("vfio {mdev}: failed to get region", [.. MdevNotStarted]),
        new("vfio {mdev}: error getting device info", [.. MdevNotStarted]),
        new("vfio error: {mdev}: failed to read device config space", [.. MdevNotStarted]),
        new("vfio {mdev}: error getting device from group {group}", [.. MdevNotStarted]),
        new("vfio error: {mdev}: error getting device from group {group}", [.. MdevNotStarted]),

        new("Need to enable igd-passthru if you're trying to passthrough IGD GFX", IgdPassthru),
        new("no such host device", [new(FindingIds.DeviceNotFound, IsCertain: true, "the host has no PCI function {device}", AnotherAddress)]),
        new("No provided host device", Definition("the emulator was started without the address of the device", "use -device vfio-pci,host=DDDD:BB:DD.F")),

        new("Unable to power on device, stuck in D", [.. CauseSets.Unresponsive]),
        // A virtual function that no bridge forwards to also reads as all ones.
        new("unknown header type {type}", [.. Perhaps(FindingIds.SriovFunctionsOutOfReach), .. CauseSets.Unresponsive]),
        new("hardware reports invalid configuration, MSIX PBA outside of specified BAR", [.. Perhaps(FindingIds.DeviceUnresponsive), Unsupported("the interrupt information of {device} contradicts its own registers (MSI-X)")]),
        new("failed to read PCI MSIX", [.. Perhaps(FindingIds.DeviceUnresponsive), Unsupported("the interrupt registers of {device} cannot be read")]),
        new("failed reading MSI PCI_CAP_FLAGS", [.. Perhaps(FindingIds.DeviceUnresponsive), Unsupported("the interrupt registers of {device} cannot be read")]),
        new("MSI-X relocation", Unsupported("the interrupt table of {device} cannot be relocated as the domain requests")),
        new("failed to add PCI capability", [.. Perhaps(FindingIds.DeviceUnresponsive), Unsupported("the list of capabilities of {device} overlaps itself")]),
        new("failed to read device config space", [.. Perhaps(FindingIds.DeviceUnresponsive), Unsupported("the configuration space of {device} cannot be read")]),
        new("assignment of PCIe type {type} devices is not currently supported", Unsupported("{device} has a PCI Express type that QEMU does not present to guests")),
        new("this isn't a PCI device", Unsupported("{device} is not a PCI device")),
        new("unexpected number of io regions", Unsupported("the kernel describes the regions of {device} in a way that this QEMU does not know")),
        new("unexpected number of irqs", Unsupported("the kernel describes the interrupts of {device} in a way that this QEMU does not know")),
        new("failed to get region {region} info", [.. Perhaps(FindingIds.DeviceUnresponsive), Unsupported("the kernel does not describe region {region} of {device}")]),
        new("failed to get config info", [.. Perhaps(FindingIds.DeviceUnresponsive), Unsupported("the kernel does not describe the configuration space of {device}")]),
        new("error getting device info", [.. Perhaps(FindingIds.DeviceUnresponsive, FindingIds.DeviceNotSupportedByEmulator)]),
        new("failed getting region info for VGA region", Unsupported("{device} has no VGA registers, but the domain asks for them (x-vga)")),
        new("device does not support requested feature x-vga", Unsupported("{device} has no VGA registers, but the domain asks for them (x-vga)")),
        new("unexpected VGA info", Unsupported("the VGA registers of {device} are not as QEMU expects them")),
        new("failed to enable MSI-X, {number}", [.. Perhaps(FindingIds.DeviceUnresponsive, FindingIds.DeviceNotSupportedByEmulator)]),
        new("failed to enable vectors, {number}", [.. Perhaps(FindingIds.DeviceUnresponsive, FindingIds.DeviceNotSupportedByEmulator)]),
        new("failed to get MSI-X irq info", [.. Perhaps(FindingIds.DeviceUnresponsive), Interrupts]),
        new("VFIO_DEVICE_SET_IRQS failure", [.. Perhaps(FindingIds.DeviceUnresponsive), Interrupts]),
        new("eventfd signaling for interrupt", [.. Perhaps(FindingIds.DeviceUnresponsive), Interrupts]),
        new("msix_set_vector_notifiers failed", Interrupts),
        new("Failed to setup MSI fds", Interrupts),
        new("MSI vectors, retry with", Interrupts) { Role = ErrorRole.Hint },
        new("Failed to enable MSI", Interrupts),
        new("event_notifier_init failed", Interrupts),
        new("failed to setup resample irqfd", Interrupts),
        new("Failed to disable INTx irqfd", Interrupts),
        new("Unable to init event notifier for", Interrupts) { Role = ErrorRole.Hint },
        new("Failed to read BAR {region}", [.. CauseSets.Unresponsive]),
        new("vfio_region_setup({region})", Unsupported("region {region} of {device} cannot be accessed")),
        new("vfio_region_mmap({region})", Unsupported("region {region} of {device} cannot be mapped into the guest")),
        new("VFIO_DEVICE_QUERY_GFX_PLANE", Unsupported("the driver of {device} does not report what it displays")),
        new("Unrecoverable error detected. Please collect any data possible and then kill the guest", [.. CauseSets.Unresponsive]),

        new("Cannot reset device {device}, no available reset mechanism", Certain(FindingIds.DeviceNoReset, NoReset, NoResetRemedy)),
        new("Cannot reset device {device}, depends on group {group} which is not owned", ResetNeedsAll),
        new("Cannot reset device {device}, depends on device {other} which is not owned", ResetNeedsAll),
        new("hot reset info failed", Certain(FindingIds.DeviceNoReset, NoReset, NoResetRemedy)),
        new("reset bar {region} failed", [.. CauseSets.Unresponsive]),

        new("Cannot read device rom at", Rom),
        new("Error reading device ROM", Rom),
        new("Error getting ROM info", Rom),
        new("Device option ROM contents are probably invalid", Rom) { Role = ErrorRole.Hint },
        new("failed to find romfile '{path}'", RomFile),
        new("romfile '{path}' is empty", RomFileWrong("is empty")),
        new("romfile '{path}' too large", RomFileWrong("is too large to be a ROM")),
        new("romfile={path}: failed to", RomFile),
        new("Could not open 'romfile'", RomFile),
        new("failed to load romfile '{path}'", RomFile),
        new("is known to cause system instability issues during option rom execution", Rom) { Role = ErrorRole.Hint },
        new("Rom loading for device at {device} has been disabled", Rom) { Role = ErrorRole.Hint },

        new("IGD device {device} has no ROM, legacy mode disabled", Rom),
        new("IGD device {device} {detail}legacy mode disabled", Igd),
        new("is unsupported in legacy mode, try SandyBridge or newer", Igd),
        new("cannot support legacy mode due to existing devices at address 1f.0", Igd),
        new("VFIO dummy ISA/LPC bridge must have address 1f.0", Igd),
        new("does not support requested IGD OpRegion feature", Igd),
        new("cannot support IGD OpRegion feature on hotplugged device", Igd),
        new("failed to read IGD OpRegion", Igd),
        new("Unsupported IGD GMS value", Igd),
        new("Can't find host bridge", Igd),
        new("IGD copy failed", Igd),
        new("IGD legacy mode disabled", Igd) { Role = ErrorRole.Hint },
        new("Failed to add NVIDIA GPUDirect cap", Unsupported("the property x-nv-gpudirect-clique does not apply to {device}")),
        new("cannot read MEMBARs", Unsupported("{device} is a VMD controller whose registers cannot be read")),
        new("IGD device {device} - failed to", [.. CauseSets.Unresponsive]),
        new("NVIDIA GPUDirect Clique ID", Unsupported("the property x-nv-gpudirect-clique does not apply to {device}")),
        new("Failed to add VMD MEMBAR Shadow cap", Unsupported("{device} is a VMD controller whose registers cannot be read")),

        new("vfio-display-dmabuf: opengl not available", Definition("the display of a mediated device requires OpenGL", "add <gl enable='yes'/> to the domain's graphics")),
        new("device doesn't support any (known) display method", Unsupported("{device} has no display that QEMU can show")),
        new("ramfb=on requires display=on", Definition()),
        new("x-ramfb-migrate", Definition()),
        new("Use -device vfio-pci,host=", Definition("the emulator was started without the address of the device")) { Role = ErrorRole.Hint },
        new("xres and yres properties", Definition()),
        new("invalid PCI {part} ID provided", Definition()),
        new("Property {name}: valid range", Definition()),
        new("x-balloon-allowed only potentially compatible with mdev devices", Definition()),
        new("Inconsistent setting of support for discarding RAM", Definition(null, "give every device of the group the same setting of the balloon")),

        new("Could not enable error recovery for the device", Unsupported("the kernel does not report errors of {device} to QEMU")) { Role = ErrorRole.Hint },
        new("Performance may be slow", Unsupported("a region of {device} cannot be mapped into the guest, which is slow but harmless")) { Role = ErrorRole.Hint },
    ];

    private const string AnotherAddress = "choose one that lspci -D shows; addresses can change when a card is moved, added or removed";
    private const string NoReset = "{device} cannot be reset alone: it may not start a second time, and memory of one guest may leak to the next";
    private const string NoResetRemedy =
        "assign all functions of the card to one guest, so that its bus can be reset; look for another method in reset_method, and for a kernel module that can reset the model; otherwise power the machine off and on";

    private static ValueList<ProposedCause> MdevNotStarted =>
    [
        new(FindingIds.MediatedDeviceRefusedByManager, Title: "the vendor's manager did not start the mediated device {mdev}; the physical device works",
            Remedy: "read the manager's log: journalctl -u nvidia-vgpu-mgr; check that it runs, that it has the same version as the driver, and that the licence and the type suit the device") { Test = CauseTests.HasManager },
        new(FindingIds.MediatedDeviceNotCreated, Title: "the driver of the physical device refused to open the mediated device {mdev}",
            Remedy: "read the kernel's log and that of the vendor's manager") { Test = CauseTests.HasNoManager },
    ];

    private static ProposedCause IgdPassthru => new(
        FindingIds.XenIgdPassthru, IsCertain: true,
        "QEMU treats the device at 00:02.0 as Intel's integrated graphics, which needs gfx_passthru=1",
        "for Intel's graphics: gfx_passthru=1 in the guest's definition; any other device: give it an address other than 00:02.0 in the stub domain");

    private static ProposedCause ResetNeedsAll => Certain(
        FindingIds.DeviceNoReset, "{device} can be reset only together with others, which the guest does not own", "assign all functions of the card, or of the bus, to one guest");

    private static ProposedCause Rom => Certain(
        FindingIds.DeviceRomUnusable,
        "the expansion ROM of {device} cannot be read: it is disabled, or the firmware has replaced it by a copy for the boot display",
        "give the domain a verified dump of the ROM (<rom file='...'/>), or switch the ROM off (<rom bar='off'/>); boot the host with another display to read it");

    private static ProposedCause RomFile => Certain(
        FindingIds.DeviceRomUnusable,
        "the emulator cannot read the ROM file {path}: QEMU reports the same if the file is missing and if its user may not read it",
        "make sure that the file exists (ls -l {path}) and that the emulator's user may read it, including its directories, SELinux and AppArmor (chmod a+r, restorecon, /etc/apparmor.d/local); or correct <rom file='...'/>");

    private static ProposedCause RomFileWrong(string what) => Certain(
        FindingIds.DeviceRomUnusable, $"the ROM file {{path}} {what}", "use a verified dump of this card, or switch the ROM off (<rom bar='off'/>)");

    private static ProposedCause Interrupts => Certain(
        FindingIds.DeviceNotSupportedByEmulator,
        "the interrupts of {device} could not be set up",
        "check the kernel's log; for many devices, allow the emulator more open files (LimitNOFILE of the daemon), and use a newer QEMU");

    private static ProposedCause Igd => Unsupported("{device} is an Intel graphics device that cannot be the guest's first display in this configuration");

    private static ProposedCause Unsupported(string title) => Certain(
        FindingIds.DeviceNotSupportedByEmulator, title, "use a newer QEMU and kernel, remove the property that needs it, or choose another device");
}
