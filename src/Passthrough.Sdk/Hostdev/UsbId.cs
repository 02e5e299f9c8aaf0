using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The id of a USB device: <c>&lt;vendor id='0x1234'/&gt;&lt;product id='0xbeef'/&gt;</c> (<c>lsusb</c>).</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record UsbId
{
    /// <summary>Creates an id.</summary>
    /// <param name="vendor">Vendor id, not 0.</param>
    /// <param name="product">Product id.</param>
    /// <exception cref="LibvirtXmlException">The vendor is 0.</exception>
    [SetsRequiredMembers]
    public UsbId(ushort vendor, ushort product)
    {
        Vendor = vendor;
        Product = product;
    }

    [SetsRequiredMembers]
    internal UsbId(XmlElementView vendor, XmlElementView product)
    {
        vendor.Require("id");
        product.Require("id");
        Vendor = (ushort)vendor.Number("id", 0xffff)!;
        Product = (ushort)product.Number("id", 0xffff)!;
        UnknownInVendor = UnknownXml.Of(vendor, ["id"], []);
        UnknownInProduct = UnknownXml.Of(product, ["id"], []);
    }

    /// <summary>Whether both ids have the 16 bits that USB knows; libvirt stores longer ones, which no device has.</summary>
    /// <exception cref="LibvirtXmlException">One of them is missing or not a number.</exception>
    internal static bool Fits(XmlElementView vendor, XmlElementView product)
    {
        vendor.Require("id");
        product.Require("id");
        return vendor.Number("id") <= ushort.MaxValue & product.Number("id") <= ushort.MaxValue;
    }

    /// <summary>Gets the vendor id, not 0.</summary>
    /// <exception cref="LibvirtXmlException">The value is 0.</exception>
    public required ushort Vendor
    {
        get;
        init => field = value != 0 ? value : throw new LibvirtXmlException("hostdev/source/vendor", "'id' is 0 and must be 1 or more");
    }

    /// <summary>Gets the product id.</summary>
    public required ushort Product { get; init; }

    internal UnknownXml? UnknownInVendor { get; init; }

    internal UnknownXml? UnknownInProduct { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("vendor", UnknownInVendor);
        xml.Hex("id", Vendor, 4);
        xml.End();
        xml.Start("product", UnknownInProduct);
        xml.Hex("id", Product, 4);
        xml.End();
    }
}
