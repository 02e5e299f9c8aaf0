using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The host devices of a domain, in the document's order, each with the element it was read from.</summary>
internal sealed class DomainDevices(XmlTree tree, int most)
{
    private readonly int[] _elements = new int[most];
    private readonly PassthroughDevice[] _devices = new PassthroughDevice[most];

    public int Count { get; private set; }

    public PassthroughDevice this[int index] => _devices[index];

    public XmlElementView Element(int index) => new(tree, _elements[index]);

    public void Add(XmlElementView element, PassthroughDevice device)
    {
        _elements[Count] = element.Index;
        _devices[Count++] = device;
    }

    public ValueList<PassthroughDevice> All() => [.. _devices.AsSpan(0, Count)];

    public ValueList<HostDevice> HostDevices()
    {
        var found = new HostDevice[CountHostDevices()];
        var next = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_devices[i] is HostDevice device)
            {
                found[next++] = device;
            }
        }

        return new(found);
    }

    public ValueList<HostInterface> HostInterfaces()
    {
        var found = new HostInterface[Count - CountHostDevices()];
        var next = 0;
        for (var i = 0; i < Count; i++)
        {
            if (_devices[i] is HostInterface device)
            {
                found[next++] = device;
            }
        }

        return new(found);
    }

    private int CountHostDevices()
    {
        var count = 0;
        for (var i = 0; i < Count; i++)
        {
            count += _devices[i] is HostDevice ? 1 : 0;
        }

        return count;
    }
}
