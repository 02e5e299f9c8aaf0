using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The child elements of an element, for foreach.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct XmlChildren(XmlTree tree, int parent)
{
    private readonly int _end = tree[parent].Next;
    private int _next = parent + 1;
    private int _current = -1;

    public readonly XmlElementView Current => new(tree, _current);

    public readonly XmlChildren GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_next >= _end)
        {
            return false;
        }

        _current = _next;
        _next = tree[_current].Next;
        return true;
    }
}
