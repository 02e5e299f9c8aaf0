using System.Globalization;

namespace Passthrough.Sdk.Pci;

/// <summary>The class code of a function: base class, subclass and programming interface, written as <c>020000</c>.</summary>
/// <remarks>
/// From the configuration header's bytes 9 to 11, which the kernel shows in <c>class</c> and <c>uevent</c>
/// (Documentation/ABI/testing/sysfs-bus-pci). The default value is <c>000000</c>, a function older than class codes.
/// Thread safety: immutable.
/// </remarks>
public readonly record struct PciClassCode
{
    private const uint MostValue = 0xffffff;
    private const byte Storage = 0x01;
    private const byte Network = 0x02;
    private const byte Display = 0x03;
    private const uint Nvme = 0x010802;
    private const ushort Audio = 0x0401;
    private const ushort HighDefinitionAudio = 0x0403;
    private const ushort UsbController = 0x0c03;
    private const ushort HostBridge = 0x0600;
    private const ushort PciBridge = 0x0604;
    private const ushort SemiTransparentBridge = 0x0609;

    /// <summary>Creates a class code.</summary>
    /// <param name="value">24 bits: base class, subclass, programming interface.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value has more than 24 bits.</exception>
    public PciClassCode(uint value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MostValue);
        Value = value;
    }

    /// <summary>Gets the class code as a number of 24 bits.</summary>
    public uint Value { get; }

    /// <summary>Gets the base class: 0x02 network, 0x03 display, 0x06 bridge.</summary>
    public byte BaseClass => (byte)(Value >> 16);

    /// <summary>Gets the subclass within the base class.</summary>
    public byte Subclass => (byte)((Value >> 8) & 0xff);

    /// <summary>Gets the programming interface of the subclass.</summary>
    public byte ProgrammingInterface => (byte)(Value & 0xff);

    /// <summary>Gets whether it is a storage controller (01xxxx), an NVMe disk included.</summary>
    public bool IsStorage => BaseClass == Storage;

    /// <summary>Gets whether it is an NVMe disk (010802).</summary>
    public bool IsNvme => Value == Nvme;

    /// <summary>Gets whether it is a network controller (02xxxx); Ethernet is 0200.</summary>
    public bool IsNetwork => BaseClass == Network;

    /// <summary>Gets whether it is a display controller (03xxxx): a GPU, with or without a connector.</summary>
    public bool IsDisplay => BaseClass == Display;

    /// <summary>Gets whether it is an audio device (0401, 0403): a sound card, or the sound part of a GPU.</summary>
    public bool IsAudio => Value >> 8 is Audio or HighDefinitionAudio;

    /// <summary>Gets whether it is a USB controller (0c03).</summary>
    public bool IsUsbController => Value >> 8 == UsbController;

    /// <summary>Gets whether it is the bridge between the processor and a root bus (0600).</summary>
    public bool IsHostBridge => Value >> 8 == HostBridge;

    /// <summary>Gets whether it is a bridge from one PCI bus to another (0604, 0609), which cannot be assigned to a virtual machine.</summary>
    public bool IsPciBridge => Value >> 8 is PciBridge or SemiTransparentBridge;

    /// <summary>Returns six hexadecimal digits in lower case: <c>020000</c>.</summary>
    public override string ToString() => Value.ToString("x6", CultureInfo.InvariantCulture);
}
