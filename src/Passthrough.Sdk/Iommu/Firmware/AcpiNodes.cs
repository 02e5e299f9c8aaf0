using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>Reads the nodes that a table's header counts and that follow one another: those of IORT and VIOT.</summary>
internal static class AcpiNodes
{
    /// <summary>Makes the model of a node.</summary>
    /// <param name="reader">The table.</param>
    /// <param name="type">The node's type, its first byte.</param>
    /// <param name="start">The node's offset.</param>
    /// <param name="end">The offset of its end.</param>
    public delegate TNode Maker<TNode>(AcpiReader reader, byte type, int start, int end);

    /// <summary>Reads the nodes up to the first that does not fit, which is noted.</summary>
    /// <param name="reader">The table.</param>
    /// <param name="count">How many nodes the header announces.</param>
    /// <param name="at">The offset of the first node.</param>
    /// <param name="header">The length of a node's own header.</param>
    /// <param name="lengthAt">Where in that header the node's length is, two bytes.</param>
    /// <param name="minimum">The length that a node of a type needs.</param>
    /// <param name="make">Makes the model.</param>
    public static ValueList<TNode> Read<TNode>(AcpiReader reader, uint count, long at, int header, int lengthAt, Func<byte, int> minimum, Maker<TNode> make)
    {
        var nodes = new List<TNode>();
        for (uint i = 0; i < count; i++)
        {
            if (at < AcpiReader.HeaderSize || at + header > reader.Data.Length)
            {
                reader.Note(reader.Data.Length, $"the header announces {count} nodes, but the table has {i}");
                break;
            }

            var start = (int)at;
            var type = reader.U8(start);
            int length = reader.U16(start + lengthAt);
            if (!reader.Fits(start, length, minimum(type), reader.Data.Length, $"node of type {type}"))
            {
                break;
            }

            nodes.Add(make(reader, type, start, start + length));
            at += length;
        }

        return nodes.ToValueList();
    }
}
