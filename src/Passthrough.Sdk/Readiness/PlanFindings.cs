using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness;

/// <summary>Descriptions of findings that come from the journal of plans and not from a host's facts.</summary>
internal static class PlanFindings
{
    public static ValueList<FindingDescription> All { get; } =
    [
        new()
        {
            Id = FindingIds.PlanUnfinished,
            Severity = FindingSeverity.Error,
            Title = "a plan for the device or the domain did not finish",
            Meaning =
                "A program that was applying a plan ended before the plan was complete, or libvirt did not answer in time. The "
                + "device may be in a state between host and guest, and the journal contains the information to undo the plan. The "
                + "recovery of the old plan would also undo a new plan while the guest runs with the device, so new plans for its "
                + "devices or its domain are refused.",
            Detection =
                "The entries in the journal (/var/lib/passthrough/journal) that name one of the devices or the domain. An entry "
                + "that cannot be read may be about any device, so it counts for all of them. Only root can read the journal; for "
                + "an ordinary user the result is unknown.",
            Remedy =
                "Undo the unfinished plan (`PassthroughHost.RecoverAsync`), then make the plan again. If the program that began "
                + "the plan still runs, wait for it; the finding names it.",
        },
        new()
        {
            Id = FindingIds.PlanDeviceComesAlong,
            Severity = FindingSeverity.Info,
            Title = "another device is assigned too",
            Meaning =
                "The request was for whole cards or whole IOMMU groups. The domain gets every function of the card, or every device of "
                + "the group, and the host loses them for as long as the guest runs.",
            Detection = "The addresses of the functions (a card is one slot), and the links iommu_group in /sys/bus/pci/devices.",
            Remedy = "Check that the host does not need the device. To keep it, do not request whole cards or whole groups.",
        },
        new()
        {
            Id = FindingIds.PlanFunctionsApart,
            Severity = FindingSeverity.Info,
            Title = "the running guest gets the functions of the card in separate slots",
            Meaning =
                "libvirt plugs single functions into a running guest, not cards of several functions. In the definition, the functions "
                + "share one slot, so the guest sees them as one card from its next start on. Some drivers, such as those of a GPU with "
                + "its sound, expect that.",
            Detection = "The domain runs, the request is for a whole card of several functions, and the definition has them, or gets them, in one slot.",
            Remedy = "Start the domain again when it suits, or assign the card to the definition only (--config) and start the domain then.",
        },
        new()
        {
            Id = FindingIds.PlanFunctionsHidden,
            Severity = FindingSeverity.Warning,
            Title = "without function 0 of their slot, the guest does not see the other functions",
            Meaning =
                "Several functions share a slot of the guest, such as those of a card that was assigned as a whole. A guest looks for other functions "
                + "only in a slot that has a function 0. After the release, the definition still contains the others, but the guest does not find them.",
            Detection = "The addresses in the domain's definition (virsh dumpxml --inactive): a released device is function 0 of a slot, and others stay in it.",
            Remedy = "Release the whole card. To keep a function, release all of them, then assign that one again: it gets a slot of its own.",
        },
        new()
        {
            Id = FindingIds.PlanNotBoundAtBoot,
            Severity = FindingSeverity.Warning,
            Title = "after a reboot, nobody binds the device for the domain",
            Meaning =
                "The domain's definition says managed='no', so libvirt does not take the device from its driver. The plan binds it, but "
                + "only until the next reboot. After that, the domain does not start: libvirt says that the device must be manually detached from the host.",
            Detection = "The request is not managed, and the files that configure bindings at boot name no driver for guests for the device.",
            Remedy = "Bind the device at every boot: `passthrough persist add ADDRESS`. Or let libvirt manage it.",
        },
        new()
        {
            Id = FindingIds.PlanNotBoundAtStart,
            Severity = FindingSeverity.Warning,
            Title = "before the domain's next start, nobody binds the device for it",
            Meaning =
                "The running guest has the device with managed='yes', so libvirt returns it to the host's driver when it is unplugged. The definition keeps it "
                + "with managed='no', so libvirt does not take it from that driver. The domain does not start then: libvirt says that the device must be "
                + "manually detached from the host.",
            Detection =
                "The release is only from the running guest, the running domain's XML (virsh dumpxml) and its definition (virsh dumpxml --inactive) contain the "
                + "device with these values of managed, and the device was not on a driver for guests before it was assigned.",
            Remedy =
                "Bind the device before the domain starts: `passthrough bind ADDRESS`. Or release it from the definition too, or let libvirt manage it there "
                + "(virsh edit NAME, managed='yes').",
        },
        new()
        {
            Id = FindingIds.DomainManagedSave,
            Severity = FindingSeverity.Error,
            Title = "the domain's next start continues from a managed save image, not from its definition",
            Meaning =
                "The domain is shut off, but its state was saved (virsh managedsave, also libvirt-guests at a shutdown of the host). Its next start restores that state "
                + "with the devices that the domain had then. A device that is released from the definition now may be taken from the host again, and a device "
                + "that is assigned now is not in the guest. The definition counts again after the image was removed, or after the restored guest has ended.",
            Detection =
                "The domain is shut off, virDomainHasManagedSaveImage (virsh dominfo: Managed save) says that there is an image, and the plan adds a device to the "
                + "definition or removes one from it. If libvirt does not answer this question, the finding is undetermined, and the plan is refused too.",
            Remedy =
                "Start the domain, then make the plan again: it then changes the running guest too. Or remove the image (virsh managedsave-remove NAME); the guest loses "
                + "what it had not written to its disks, as in a power failure. To change the definition in spite of the image, accept the finding.",
        },
        new()
        {
            Id = FindingIds.PlanSharedSlot,
            Severity = FindingSeverity.Error,
            Title = "libvirt cannot unplug a device that shares a slot with another",
            Meaning =
                "The running guest has the device in a slot with several functions. Only whole slots can be unplugged, and libvirt refuses "
                + "that: cannot hot unplug multifunction PCI device.",
            Detection = "The addresses in the running domain's XML (virsh dumpxml): another device is in the same slot.",
            Remedy = "Shut the domain down and release the device then. Or release it from the definition only (--config): the guest keeps it until it ends.",
        },
        new()
        {
            Id = FindingIds.PersistenceFileEdited,
            Severity = FindingSeverity.Error,
            Title = "a rule file that the plan would replace or remove was edited",
            Meaning = "Somebody changed the file after this library had written it, and the plan would lose these edits.",
            Detection = "The hash in the header of the file is compared with its content.",
            Remedy = "Check the file. If the edits are not needed, accept the finding; otherwise rename the file, so that it is no longer one of this library.",
        },
        new()
        {
            Id = FindingIds.StartHookEdited,
            Severity = FindingSeverity.Error,
            Title = "the hook that the plan would replace or remove was edited",
            Meaning = "The file of the hook was edited after this library had written it, or another program wrote it, and the plan would lose its content.",
            Detection = "The hash in the header of /etc/libvirt/hooks/qemu.d/passthrough (on Xen libxl.d) is compared with its content.",
            Remedy = "Check the file. If its content is not needed, accept the finding; otherwise rename the file: libvirt calls every executable file in the directory.",
        },
        new()
        {
            Id = FindingIds.StartHookOutOfReach,
            Severity = FindingSeverity.Error,
            Title = "AppArmor does not let libvirt run the program of the hook",
            Meaning =
                "The profile that libvirt ships lets its daemon run programs only in the system's directories. Called from elsewhere, the hook "
                + "fails with exit code 126, and no domain with devices of the host starts (unless failures are allowed).",
            Detection =
                "The path of the program, links resolved; the confinement of libvirt's daemon in /proc/PID/attr/current, or, if it does not run, "
                + "its profile in /etc/apparmor.d; additions in /etc/apparmor.d/local.",
            Remedy = "Copy the program to /usr/bin and install the hook from there, or allow its path in /etc/apparmor.d/local/usr.sbin.libvirtd and reload AppArmor.",
        },
        new()
        {
            Id = FindingIds.DeviceResetReachesOthers,
            Severity = FindingSeverity.Error,
            Title = "the device can be reset only together with others",
            Meaning =
                "The device has no reset of its own, only one of its whole bus. Other functions are on that bus: they would lose their "
                + "state too, so the kernel refuses the reset, and so does the plan.",
            Detection = "reset_method of the device contains only bus, slot or cxl_bus, and other functions have the same domain and bus number.",
            Remedy =
                "Assign all functions of the bus to one guest. VFIO resets them together when the guest starts. If the device has "
                + "another method, choose it.",
        },
    ];
}
