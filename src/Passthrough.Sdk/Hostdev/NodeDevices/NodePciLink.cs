using System.Globalization;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>Speed and width of a PCI Express link: <c>&lt;link validity='cap' port='0' speed='2.5' width='4'/&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodePciLink
{
    private static readonly string[] KnownAttributes = ["validity", "port", "speed", "width"];

    /// <summary>Creates a link that is down.</summary>
    public NodePciLink()
    {
    }

    internal NodePciLink(XmlElementView element)
    {
        Port = element.Decimal("port");
        if (element.Attribute("speed") is { } speed)
        {
            Speed = double.TryParse(speed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
                ? value
                : throw element.Error($"'speed' is '{speed}' and must be a decimal number");
        }

        Width = element.Decimal("width") ?? throw element.Error("the attribute 'width' is missing");
        Unknown = UnknownXml.Of(element, KnownAttributes, []);
    }

    /// <summary>Gets the number of the port; null for the state of the link.</summary>
    public uint? Port { get; init; }

    /// <summary>Gets the speed in GT/s; null if it is not known.</summary>
    public double? Speed { get; init; }

    /// <summary>Gets the number of lanes; 0 if the link is down.</summary>
    public uint Width { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml, string validity)
    {
        xml.Start("link", Unknown);
        xml.Attribute("validity", validity);
        xml.Number("port", Port);
        xml.Attribute("speed", Speed?.ToString(CultureInfo.InvariantCulture));
        xml.Number("width", Width);
        xml.End();
    }
}
