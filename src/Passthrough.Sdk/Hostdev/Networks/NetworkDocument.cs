
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Networks;

/// <summary>A network's XML whose pool of host devices can be edited in place: the rest stays as it was, to the character.</summary>
/// <remarks>For the XML of <c>virNetworkGetXMLDesc</c> (<c>virsh net-dumpxml</c>). Each edit gives a new document. Thread safety: immutable.</remarks>
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

    /// <summary>The network's name; null when it has none yet.</summary>
    public string? Name { get; }

    /// <summary>The host devices it gives away; null when it forwards in another way.</summary>
    public HostdevPool? Pool { get; }

    /// <summary>Reads a document whose root is <c>&lt;network&gt;</c>.</summary>
    /// <param name="xml">The document.</param>
    /// <exception cref="LibvirtXmlException">It is not well-formed, is no network, or has a pool that libvirt would refuse.</exception>
    public static NetworkDocument Parse(string xml)
    {
        var tree = XmlTree.Parse(xml);
        return tree.Root.Name is "network" ? new(tree.Root) : throw tree.Root.Error("is not a network; <network> is expected");
    }

    internal static NetworkDocument Read(XmlElementView element) => new(element);

    /// <summary>The document with another pool instead of how it forwarded before; the same text when both mean the same.</summary>
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

    /// <summary>The document's text.</summary>
    public override string ToString() => _tree.Text;
}
