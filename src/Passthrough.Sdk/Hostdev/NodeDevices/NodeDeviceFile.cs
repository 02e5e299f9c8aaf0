using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>A file of a device in /dev: <c>&lt;devnode type='dev'&gt;/dev/vfio/12&lt;/devnode&gt;</c>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NodeDeviceFile
{
    /// <summary>Creates a file; set <see cref="Path"/>.</summary>
    public NodeDeviceFile()
    {
    }

    [SetsRequiredMembers]
    internal NodeDeviceFile(XmlElementView element)
    {
        IsLink = (element.Attribute("type") ?? "dev") switch
        {
            "dev" => false,
            "link" => true,
            var type => throw element.Error($"'type' is '{type}' and must be 'dev' or 'link'"),
        };
        Path = element.Value;
        Unknown = UnknownXml.Of(element, ["type"], []);
    }

    /// <summary>Gets its path.</summary>
    public required string Path { get; init; }

    /// <summary>Gets whether it is a symbolic link to the device's file.</summary>
    public bool IsLink { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("devnode", Unknown);
        xml.Attribute("type", IsLink ? "link" : "dev");
        xml.Text(Path);
        xml.End();
    }
}
