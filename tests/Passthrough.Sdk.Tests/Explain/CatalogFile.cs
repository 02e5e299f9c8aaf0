using System.Buffers.Binary;
using System.Text;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Writes catalogues as msgfmt does.</summary>
internal static class CatalogFile
{
    public static byte[] Of(IEnumerable<(string English, string Translation)> messages, bool isBigEndian = false, string charset = "UTF-8")
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(charset) ?? Encoding.GetEncoding(charset);
        List<(byte[] English, byte[] Translation)> all =
        [
            ([], Encoding.ASCII.GetBytes($"Project-Id-Version: test\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n")),
            .. messages.Select(message => (Encoding.UTF8.GetBytes(message.English), encoding.GetBytes(message.Translation))),
        ];
        var tables = 28;
        var text = new MemoryStream();
        var index = new byte[16 * all.Count];
        var from = tables + index.Length;
        void Put(int at, int value)
        {
            if (isBigEndian)
            {
                BinaryPrimitives.WriteInt32BigEndian(index.AsSpan(at), value);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(index.AsSpan(at), value);
            }
        }

        for (var i = 0; i < all.Count; i++)
        {
            Put(8 * i, all[i].English.Length);
            Put((8 * i) + 4, from + (int)text.Position);
            text.Write(all[i].English);
            text.WriteByte(0);
            Put((8 * all.Count) + (8 * i), all[i].Translation.Length);
            Put((8 * all.Count) + (8 * i) + 4, from + (int)text.Position);
            text.Write(all[i].Translation);
            text.WriteByte(0);
        }

        var head = new byte[tables];
        int[] words = [unchecked((int)0x950412de), 0, all.Count, tables, tables + (8 * all.Count), 0, 0];
        for (var i = 0; i < words.Length; i++)
        {
            if (isBigEndian)
            {
                BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 * i), words[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(4 * i), words[i]);
            }
        }

        return [.. head, .. index, .. text.ToArray()];
    }
}
