using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The location of a SCSI unit: <see cref="ScsiAdapterSource"/> or <see cref="IscsiSource"/>.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public abstract record ScsiSource
{
    private protected ScsiSource()
    {
    }

    internal UnknownXml? Unknown { get; init; }

    internal static ScsiSource Read(XmlElementView element) => element.Attribute("protocol") switch
    {
        null or "adapter" => new ScsiAdapterSource(element),
        "iscsi" => new IscsiSource(element),
        var protocol => throw element.Error($"'protocol' is '{protocol}' and must be 'adapter' or 'iscsi'"),
    };

    internal abstract void Write(ref XmlOut xml);
}
