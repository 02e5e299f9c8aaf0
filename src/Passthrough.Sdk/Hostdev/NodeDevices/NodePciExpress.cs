using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.NodeDevices;

/// <summary>The PCI Express link of a function: <c>&lt;pci-express&gt;</c>.</summary>
/// <remarks>Both links are null for a function that is integrated into the root complex. Thread safety: immutable.</remarks>
public sealed record NodePciExpress
{
    /// <summary>Creates the element of an integrated function.</summary>
    public NodePciExpress()
    {
    }

    internal NodePciExpress(XmlElementView element)
    {
        foreach (var child in element.Children)
        {
            switch (child.Name is "link" ? child.RequiredAttribute("validity") : null)
            {
                case "cap" when Capability is null:
                    Capability = new(child);
                    break;
                case "sta" when Status is null:
                    Status = new(child);
                    break;
                case { } validity:
                    throw child.Error($"'validity' is '{validity}' and must be 'cap' or 'sta', each once");
            }
        }

        Unknown = UnknownXml.Of(element, [], ["link"]);
    }

    /// <summary>Gets the capabilities of the link; null if it has no link.</summary>
    public NodePciLink? Capability { get; init; }

    /// <summary>Gets the current state of the link; null if it has no link.</summary>
    public NodePciLink? Status { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("pci-express", Unknown);
        Capability?.Write(ref xml, "cap");
        Status?.Write(ref xml, "sta");
        xml.End();
    }
}
