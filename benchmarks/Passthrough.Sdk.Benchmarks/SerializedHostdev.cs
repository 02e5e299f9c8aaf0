#pragma warning disable CA1819, CA1720, SA1402 // The shape XmlSerializer asks for.
using System.Xml.Serialization;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>The rival: the same element as XmlSerializer takes it, every part of a PCI host device.</summary>
[XmlRoot("hostdev")]
public sealed class SerializedHostdev
{
    [XmlAttribute("mode")] public string? Mode { get; set; }
    [XmlAttribute("type")] public string? Type { get; set; }
    [XmlAttribute("managed")] public string? Managed { get; set; }
    [XmlAttribute("display")] public string? Display { get; set; }
    [XmlAttribute("ramfb")] public string? Ramfb { get; set; }
    [XmlElement("driver")] public SerializedPart? Driver { get; set; }
    [XmlElement("source")] public SerializedSource? Source { get; set; }
    [XmlElement("teaming")] public SerializedPart? Teaming { get; set; }
    [XmlElement("boot")] public SerializedPart? Boot { get; set; }
    [XmlElement("alias")] public SerializedPart? Alias { get; set; }
    [XmlElement("rom")] public SerializedPart? Rom { get; set; }
    [XmlElement("acpi")] public SerializedPart? Acpi { get; set; }
    [XmlElement("address")] public SerializedAddress? Address { get; set; }
}

/// <summary>The rival's domain.</summary>
[XmlRoot("domain")]
public sealed class SerializedDomain
{
    [XmlAttribute("type")] public string? Type { get; set; }
    [XmlElement("name")] public string? Name { get; set; }
    [XmlArray("devices"), XmlArrayItem("hostdev")] public SerializedHostdev[]? Devices { get; set; }
}

/// <summary>The rival's source.</summary>
public sealed class SerializedSource
{
    [XmlAttribute("writeFiltering")] public string? WriteFiltering { get; set; }
    [XmlElement("address")] public SerializedAddress? Address { get; set; }
}

/// <summary>The rival's address.</summary>
public sealed class SerializedAddress
{
    [XmlAttribute("type")] public string? Type { get; set; }
    [XmlAttribute("domain")] public string? Domain { get; set; }
    [XmlAttribute("bus")] public string? Bus { get; set; }
    [XmlAttribute("slot")] public string? Slot { get; set; }
    [XmlAttribute("function")] public string? Function { get; set; }
    [XmlAttribute("multifunction")] public string? Multifunction { get; set; }
}

/// <summary>The rival's small elements.</summary>
public sealed class SerializedPart
{
    [XmlAttribute("name")] public string? Name { get; set; }
    [XmlAttribute("model")] public string? Model { get; set; }
    [XmlAttribute("order")] public string? Order { get; set; }
    [XmlAttribute("bar")] public string? Bar { get; set; }
    [XmlAttribute("file")] public string? File { get; set; }
    [XmlAttribute("index")] public string? Index { get; set; }
    [XmlAttribute("persistent")] public string? Persistent { get; set; }
}
