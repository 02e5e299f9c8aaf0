using System.Globalization;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// The virtual machine as arguments of QEMU. Every device has a fixed place, so that an address means the same device with every IOMMU
/// (docs/virtual-host.md).
/// </summary>
internal static class QemuArguments
{
    /// <summary>Returns the arguments.</summary>
    /// <param name="options">The options.</param>
    /// <param name="files">The files that it uses.</param>
    public static IReadOnlyList<string> For(VirtualHostOptions options, QemuFiles files)
    {
        var remapping = options.InterruptRemapping ? "on" : "off";
        var (iommu, parameters) = options.Iommu switch
        {
            VirtualIommu.Vtd => ($"intel-iommu,intremap={remapping},caching-mode=on", "intel_iommu=on iommu=pt"),
            VirtualIommu.AmdVi => ($"amd-iommu,intremap={remapping}", "iommu=pt"),
            _ => (null, ""),
        };
        // Occasionally two emulated processors wait for each other for ever: a kernel that sees that gives up, and QEMU ends.
        const string kernel = "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off no_timer_check softlockup_panic=1 watchdog_thresh=30";
        return
        [
            "-name", "passthrough-sdk",
            "-machine", "q35,accel=tcg,kernel-irqchip=split",
            "-smp", options.Processors.ToString(CultureInfo.InvariantCulture),
            "-m", options.MemoryMiB.ToString(CultureInfo.InvariantCulture),
            "-display", "none", "-vga", "none", "-no-reboot", "-nodefaults",
            "-device", "VGA,addr=01.0", // before the IOMMU: AMD's is a PCI function itself and takes the first free slot, then 02
            "-cpu", "max,la57=off",
            .. iommu is null ? (string[])[] : ["-device", iommu],
            .. Devices(files.Disk),
            "-chardev", $"file,id=console,path={Escape(files.Console)}", "-serial", "chardev:console",
            "-fsdev", "local,id=outer,path=/,security_model=none,readonly=on,multidevs=remap",
            "-device", "virtio-9p-pci,fsdev=outer,mount_tag=outer,addr=19.0",
            "-device", "virtio-serial-pci,id=ports,addr=18.0",
            // The standard input and output of QEMU are the channel of the requests: when this process ends, the channel closes.
            "-chardev", "stdio,id=requests,signal=off", "-device", "virtserialport,bus=ports.0,nr=1,chardev=requests",
            "-chardev", $"file,id=output,path={Escape(files.Output)}", "-device", "virtserialport,bus=ports.0,nr=2,chardev=output",
            "-chardev", $"file,id=errors,path={Escape(files.Errors)}", "-device", "virtserialport,bus=ports.0,nr=3,chardev=errors",
            .. options.ShareDirectory is null ? (string[])[] :
            [
                "-fsdev", $"local,id=share,path={Escape(options.ShareDirectory)},security_model=none,multidevs=remap",
                "-device", "virtio-9p-pci,fsdev=share,mount_tag=share,addr=1a.0",
            ],
            "-kernel", files.Kernel, "-initrd", Escape(files.Initramfs),
            "-append", string.Join(' ', ((IEnumerable<string>)[kernel, parameters, .. options.KernelParameters]).Where(part => part.Length > 0)),
        ];
    }

    private static string[] Devices(string disk) =>
    [
        "-device", "ich9-intel-hda,addr=1b.0", "-audiodev", "none,id=sound1", "-device", "hda-output,audiodev=sound1",

        "-device", "pcie-root-port,id=port1,addr=10.0,chassis=1,slot=1",
        "-netdev", "user,id=net1", "-device", "e1000e,bus=port1,netdev=net1,mac=52:54:00:11:22:33",

        "-device", "pcie-root-port,id=port2,addr=11.0,chassis=2,slot=2",
        "-device", "nvme-subsys,id=subsystem1",
        "-device", "nvme,id=nvme1,bus=port2,serial=lab1,subsys=subsystem1,sriov_max_vfs=4,sriov_vq_flexible=8,sriov_vi_flexible=4,max_ioqpairs=16,msix_qsize=20",
        "-drive", $"file={Escape(disk)},if=none,id=disk1,format=raw", "-device", "nvme-ns,drive=disk1,bus=nvme1",

        "-device", "pcie-root-port,id=port3,addr=12.0,chassis=3,slot=3",
        "-device", "pcie-pci-bridge,id=bridge1,bus=port3",
        "-netdev", "user,id=net11", "-device", "e1000,bus=bridge1,addr=1,netdev=net11,mac=52:54:00:11:22:44",
        "-netdev", "user,id=net12", "-device", "e1000,bus=bridge1,addr=2,netdev=net12,mac=52:54:00:11:22:55",
    ];

    // In an option of QEMU, a comma ends a value, and two are one.
    private static string Escape(string path) => path.Replace(",", ",,", StringComparison.Ordinal);
}
