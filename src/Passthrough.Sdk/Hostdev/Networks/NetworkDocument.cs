using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Networks;

/// <summary>A network's XML whose pool of host devices can be edited in place: the rest of the text stays the same, character by character.</summary>
/// <remarks>It is for the XML of <c>virNetworkGetXMLDesc</c> (<c>virsh net-dumpxml</c>). Each edit returns a new document. Thread safety: immutable.</remarks>
public sealed class NetworkDocument
{
    private readonly XmlTree _tree;

    private NetworkDocument(XmlElementView network)
    {
        _tree = network.Tree;
        Name = network.Text("name");
        var forward = network.Single("forward");
        Pool = forward is { } element && element.Is("mode", "hostdev") ? new(element) : null;
    }

    /// <summary>Gets the network's name; null if it has none yet.</summary>
    public string? Name { get; }

    /// <summary>Gets the pool of host devices; null if the network forwards in another way.</summary>
    public HostdevPool? Pool { get; }

    /// <summary>Reads a document whose root is <c>&lt;network&gt;</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, is not a network, or has a pool that libvirt would refuse.</exception>
    public static NetworkDocument Parse(string xml)
    {
        var tree = XmlTree.Parse(xml);
        return tree.Root.Name is "network" ? new(tree.Root) : throw tree.Root.Error("is not a network; <network> is expected");
    }

    internal static NetworkDocument Read(XmlElementView element) => new(element);

    /// <summary>Returns the document with another pool in place of the previous forwarding; the same text if both have the same meaning.</summary>
    /// <param name="pool">The pool.</param>
    public NetworkDocument WithPool(HostdevPool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        if (pool.Equals(Pool))
        {
            return this;
        }

        var text = _tree.Root.Single("forward") is { } forward
            ? XmlEdit.Replace(forward, pool.ToXml)
            : XmlEdit.Append(_tree.Root, pool.ToXml);
        return new(XmlTree.Parse(text).Root);
    }

    /// <summary>Returns the document's text.</summary>
    public override string ToString() => _tree.Text;
}
