using System.Text;

namespace Passthrough.Sdk.Sysfs;

/// <summary>Gives one string for each name however often it is read: drivers are few, devices many.</summary>
/// <remarks>Thread safety: none.</remarks>
internal sealed class NamePool
{
    private const int MostLength = 128;

    private readonly Dictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _names =
        new Dictionary<string, string>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public string Get(ReadOnlySpan<byte> name)
    {
        if (name.Length > MostLength)
        {
            return Encoding.UTF8.GetString(name);
        }

        Span<char> buffer = stackalloc char[MostLength];
        return Get(buffer[..Encoding.UTF8.GetChars(name, buffer)]);
    }

    public string Get(ReadOnlySpan<char> name)
    {
        if (!_names.TryGetValue(name, out var known))
        {
            known = name.ToString();
            _names[known] = known;
        }

        return known;
    }
}
