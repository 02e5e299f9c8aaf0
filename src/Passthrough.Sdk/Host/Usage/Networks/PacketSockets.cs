using System.Globalization;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Reads /proc/net/packet.</summary>
internal static class PacketSockets
{
    /// <summary>The sockets that are bound to one interface: <c>ffff8c0 3 3 88cc 2 1 0 0 12345</c>, kind of frames fourth, interface fifth, inode last.</summary>
    public static IEnumerable<NetworkSocket> Parse(string text)
    {
        foreach (var line in text.Split('\n').Skip(1))
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 9
                && int.TryParse(words[3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var frames)
                && int.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index != 0
                && uint.TryParse(words[8], NumberStyles.None, CultureInfo.InvariantCulture, out var inode))
            {
                yield return new NetworkSocket("packet", index, inode) { Number = frames };
            }
        }
    }
}
