using System.Globalization;
using System.Net;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>The values of a line of <see cref="NetworkStateText"/>.</summary>
internal sealed class NetworkStateValues
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public NetworkStateValues(string[] words)
    {
        foreach (var word in words.Skip(1))
        {
            if (word.IndexOf('=', StringComparison.Ordinal) is > 0 and var at)
            {
                _values[word[..at]] = Uri.UnescapeDataString(word[(at + 1)..]);
            }
        }
    }

    public string? this[string name] => _values.GetValueOrDefault(name);

    public bool Flag(string name) => this[name] == "yes";

    public int Number(string name) => int.TryParse(this[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public ulong Unsigned(string name) => ulong.TryParse(this[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    public IPAddress? Address(string name) => IPAddress.TryParse(this[name], out var address) ? address : null;

    public string[] List(string name) => this[name]?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
