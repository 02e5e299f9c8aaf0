using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>An address on the channel bus of an s390x guest: <c>&lt;address type='ccw' cssid='0xfe' ssid='0x0' devno='0x0001'/&gt;</c>.</summary>
/// <remarks>Either all three parts are set, or none. Thread safety: immutable.</remarks>
public sealed record CcwGuestAddress : GuestAddress
{
    private static readonly string[] KnownAttributes = ["type", "cssid", "ssid", "devno"];

    /// <summary>Creates an address that libvirt fills in.</summary>
    public CcwGuestAddress()
    {
    }

    /// <summary>Creates an address.</summary>
    /// <param name="channelSubsystem">Channel subsystem id (cssid), at most 0xfe.</param>
    /// <param name="subchannelSet">Subchannel set id (ssid), at most 3.</param>
    /// <param name="deviceNumber">Device number.</param>
    /// <exception cref="LibvirtXmlException">A part is out of range.</exception>
    public CcwGuestAddress(byte channelSubsystem, byte subchannelSet, ushort deviceNumber)
    {
        if (channelSubsystem > 0xfe || subchannelSet > 3)
        {
            throw new LibvirtXmlException("address", $"cssid 0x{channelSubsystem:x} must be at most 0xfe and ssid 0x{subchannelSet:x} at most 0x3");
        }

        ChannelSubsystem = channelSubsystem;
        SubchannelSet = subchannelSet;
        DeviceNumber = deviceNumber;
    }

    internal CcwGuestAddress(XmlElementView element)
    {
        ChannelSubsystem = (byte?)element.Number("cssid", 0xfe);
        SubchannelSet = (byte?)element.Number("ssid", 3);
        DeviceNumber = (ushort?)element.Number("devno", 0xffff);
        if ((ChannelSubsystem is null) != (SubchannelSet is null) || (ChannelSubsystem is null) != (DeviceNumber is null))
        {
            throw element.Error("'cssid', 'ssid' and 'devno' must all be present or all be absent");
        }

        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    /// <summary>Gets the channel subsystem id (cssid); null lets libvirt choose the address.</summary>
    public byte? ChannelSubsystem { get; }

    /// <summary>Gets the subchannel set id (ssid); null lets libvirt choose the address.</summary>
    public byte? SubchannelSet { get; }

    /// <summary>Gets the device number (devno); null lets libvirt choose the address.</summary>
    public ushort? DeviceNumber { get; }

    /// <inheritdoc/>
    public override string Type => "ccw";

    private protected override void WriteParts(ref XmlOut xml)
    {
        xml.Hex("cssid", ChannelSubsystem, 1);
        xml.Hex("ssid", SubchannelSet, 1);
        xml.Hex("devno", DeviceNumber, 4);
    }
}
