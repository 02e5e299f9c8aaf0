using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The ids of a PCI device on an s390x guest: <c>&lt;zpci uid='0x0001' fid='0x00000000'/&gt;</c> (libvirt 5.2.0).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ZpciAddress
{
    private static readonly string[] KnownAttributes = ["uid", "fid"];

    /// <summary>Creates ids that libvirt fills in.</summary>
    public ZpciAddress()
    {
    }

    private ZpciAddress(XmlElementView element)
    {
        Uid = element.Number("uid");
        Fid = element.Number("fid");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static ZpciAddress Read(XmlElementView element) => new(element);

    /// <summary>Gets the user-defined id, 1 to 0xffff, unique in the domain; null lets libvirt choose it.</summary>
    /// <exception cref="LibvirtXmlException">The value is out of range.</exception>
    public uint? Uid
    {
        get;
        init => field = value is null or (> 0 and <= 0xffff)
            ? value
            : throw new LibvirtXmlException("address/zpci", $"'uid' is 0x{value:x4} and must be > 0x0000 and <= 0xffff");
    }

    /// <summary>Gets the function id, unique in the domain; null lets libvirt choose it.</summary>
    public uint? Fid { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("zpci", Unknown);
        xml.Hex("uid", Uid, 4);
        xml.Hex("fid", Fid, 8);
        xml.End();
    }
}
