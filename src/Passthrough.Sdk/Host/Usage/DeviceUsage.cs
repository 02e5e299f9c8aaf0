using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>The uses of a PCI function: everything that the host would lose with it.</summary>
/// <remarks>
/// Found by where the kernel's own links lead (/sys/class/CLASS/NAME points into the directory of the function), for a virtual
/// block device by the devices on which it is built. A list is known and empty if nothing uses the function, and unknown if the
/// class could not be read. Thread safety: immutable.
/// </remarks>
public sealed record DeviceUsage
{
    /// <summary>Gets the network interfaces. Source: /sys/class/net.</summary>
    public Fact<ValueList<NetworkInterface>> NetworkInterfaces { get; init; }

    /// <summary>Gets the disks. Source: /sys/class/block.</summary>
    public Fact<ValueList<BlockDevice>> BlockDevices { get; init; }

    /// <summary>
    /// Gets the file systems that a host which is itself a virtual machine has mounted from its own host through the function: 9p and
    /// virtiofs. <see cref="BlockMount.BlockDevice"/> is the virtio device, <c>virtio3</c>. Sources: /proc/PID/mountinfo,
    /// /sys/bus/virtio/devices.
    /// </summary>
    public Fact<ValueList<BlockMount>> VirtioMounts { get; init; }

    /// <summary>Gets the NVMe controllers, <c>nvme0</c>. Source: /sys/class/nvme.</summary>
    public Fact<ValueList<string>> NvmeControllers { get; init; }

    /// <summary>Gets the graphics nodes, <c>card0</c>, <c>renderD128</c>. Source: /sys/class/drm.</summary>
    public Fact<ValueList<string>> DrmNodes { get; init; }

    /// <summary>
    /// Gets the frame buffers, <c>fb0</c>; one that the firmware set up, and that belongs to no function, is the boot display's. Source: /sys/class/graphics.
    /// </summary>
    public Fact<ValueList<string>> Framebuffers { get; init; }

    /// <summary>
    /// Gets whether the host's text console is drawn on one of <see cref="Framebuffers"/>. Source: /sys/class/vtconsole: a console of
    /// the frame buffer kind is bound. The kernel does not report on which of several frame buffers it draws.
    /// </summary>
    public Fact<bool> IsConsole { get; init; }

    /// <summary>
    /// Gets the names under which the frame buffer that the firmware set up holds memory of the function (<c>BOOTFB</c>, <c>efifb</c>,
    /// <c>simple-framebuffer</c>). Source: /proc/iomem, by what lies within what; its numbers, which only root can see, are not needed.
    /// </summary>
    public Fact<ValueList<string>> BootFramebuffers { get; init; }

    /// <summary>Gets the sound cards, <c>card0</c>. Source: /sys/class/sound.</summary>
    public Fact<ValueList<string>> SoundCards { get; init; }

    /// <summary>
    /// Gets the keyboards of the host's console that are connected to it, <c>USB Keyboard (input3)</c>, usually through a USB controller. The console
    /// uses them without a process that has them open. Source: /proc/bus/input/devices.
    /// </summary>
    public Fact<ValueList<string>> Keyboards { get; init; }

    /// <summary>Gets the USB buses, <c>usb1</c>. Source: /sys/bus/usb/devices.</summary>
    public Fact<ValueList<string>> UsbBuses { get; init; }

    /// <summary>Gets the SCSI and SATA hosts, <c>host0</c>. Source: /sys/class/scsi_host.</summary>
    public Fact<ValueList<string>> ScsiHosts { get; init; }

    /// <summary>Gets the RDMA devices, <c>mlx5_0</c>. Source: /sys/class/infiniband.</summary>
    public Fact<ValueList<string>> RdmaDevices { get; init; }

    /// <summary>
    /// Gets the VFIO devices for which the kernel has a node of their own, <c>vfio0</c>: Linux 6.6 or newer with CONFIG_VFIO_DEVICE_CDEV. Source:
    /// the files dev in /sys/class/vfio-dev.
    /// </summary>
    public Fact<ValueList<string>> VfioDevices { get; init; }

    /// <summary>
    /// Gets the processes that have a node of it open. Unknown if it was not requested, and if none was found but some
    /// processes cannot be read. Source: /proc/PID/fd.
    /// </summary>
    public Fact<ValueList<OpenHandle>> OpenHandles { get; init; }
}
