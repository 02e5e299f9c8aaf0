using Passthrough.Sdk.Hostdev.Capabilities;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>Reads and writes libvirt documents of any kind.</summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time.</remarks>
public static class LibvirtXml
{
    /// <summary>
    /// Reads a document and writes it back. The elements that the models know, at any depth (domains, host devices, host interfaces,
    /// networks, node devices, domain capabilities), are read, validated, written, and read again. An element whose model
    /// has the same meaning after that keeps its spelling, its order and its comments, and so does the rest of the document.
    /// </summary>
    /// <param name="xml">The document.</param>
    /// <returns>The document, which is equal to <paramref name="xml"/> character by character.</returns>
    /// <exception cref="LibvirtXmlException">The text is not well-formed, or libvirt would refuse it.</exception>
    public static string Rewrite(string xml)
    {
        var tree = XmlTree.Parse(xml);
        for (var i = 0; i < tree.Count; i++)
        {
            var element = new XmlElementView(tree, i);
            if (Check(element))
            {
                i = element.Entry.Next - 1;
            }
        }

        return tree.Text;
    }

    /// <summary>Reads and writes what the models know of one element.</summary>
    /// <returns>Whether the models know the whole element.</returns>
    private static bool Check(XmlElementView element)
    {
        switch (element.Name)
        {
            case "domain" when element.Child("devices") is not null:
                var devices = DomainRules.Check(element);
                for (var i = 0; i < devices.Count; i++)
                {
                    Same(devices.Element(i), devices[i], PassthroughDevice.ParseAny(devices[i].ToXml()));
                }

                return true;
            case "hostdev" or "interface" when element.Parent is null && PassthroughDevice.TryRead(element) is { } device:
                Same(element, device, PassthroughDevice.ParseAny(device.ToXml()));
                return true;
            case "device" when element.Child("capability") is not null:
                var description = NodeDeviceDescription.Read(element);
                Same(element, description, NodeDeviceDescription.Parse(description.ToXml()));
                return true;
            case "network" when element.Child("name") is not null:
                var network = NetworkDocument.Read(element);
                Same(element, network.Pool, network.Pool is { } pool ? HostdevPool.Parse(pool.ToXml("\n")) : null);
                return true;
            case "domainCapabilities":
                _ = new DomainCapabilities(element);
                return true;
            default:
                return false;
        }
    }

    private static void Same<T>(XmlElementView element, T before, T after)
    {
        if (!EqualityComparer<T>.Default.Equals(before, after))
        {
            throw element.Error("would change its meaning when it is written: this is a bug in Passthrough.Sdk, please report the element");
        }
    }
}
