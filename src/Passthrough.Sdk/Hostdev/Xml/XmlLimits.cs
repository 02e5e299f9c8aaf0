namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>
/// What a text may ask of us before it is refused. libvirt's largest real documents stay a hundred times below:
/// the limits are there for texts that were made to hurt.
/// </summary>
internal static class XmlLimits
{
    /// <summary>UTF-16 characters of a text.</summary>
    public const int Length = 16 * 1024 * 1024;

    /// <summary>Elements inside each other; libxml2, which libvirt reads with, stops at 256.</summary>
    public const int Depth = 256;

    /// <summary>Elements of a text.</summary>
    public const int Elements = 200_000;

    /// <summary>Attributes of a text.</summary>
    public const int Attributes = 1_000_000;

    /// <summary>Attributes of one element: they are compared with each other, so their number is squared.</summary>
    public const int AttributesOfAnElement = 256;
}
