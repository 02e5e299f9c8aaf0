using System.Globalization;
using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The value of an option of QEMU's: <c>vfio-pci,host=0000:01:00.0,id=x</c>, or the same as a JSON object.</summary>
/// <remarks>QEMU's rules: properties are separated by commas, a comma that belongs to a value is doubled, the last of a name counts.</remarks>
internal sealed class QemuOptions
{
    private const string Nvme = "nvme://";
    private readonly Dictionary<string, string> _properties = new(StringComparer.Ordinal);

    public QemuOptions(IEnumerable<KeyValuePair<string, string>> properties)
    {
        foreach (var (name, value) in properties)
        {
            _properties[name] = value;
        }
    }

    /// <summary>A property; null if it is not given.</summary>
    public string? this[string name] => _properties.GetValueOrDefault(name);

    /// <param name="text">The option's value.</param>
    /// <param name="first">The name of a first property that is given without one.</param>
    public static QemuOptions Parse(string text, string first)
    {
        text = text.Trim();
        return text.StartsWith('{') ? OfJson(text) : new(Pairs(text, first));
    }

    /// <summary>The value of <c>-set</c>: <c>device.ID.PROPERTY=VALUE</c>; null for another group, or no such form.</summary>
    public static QemuOptions? OfSet(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        var path = at < 0 ? [] : text[..at].Split('.');
        return path is ["device" or "drive" or "netdev", .. var id, var name] && id.Length > 0
            ? new([new("id", string.Join('.', id)), new(name, text[(at + 1)..])])
            : null;
    }

    /// <summary>Takes over the properties of another, over those of the same name.</summary>
    public void Take(QemuOptions other)
    {
        foreach (var (name, value) in other._properties)
        {
            _properties[name] = value;
        }
    }

    /// <summary>The devices of the host that it names: by <c>host</c>, <c>sysfsdev</c>, a node of vDPA, or as an NVMe disk.</summary>
    public IEnumerable<DomainHostUse> Uses()
    {
        // QEMU takes sysfsdev over host where both are given.
        if (this["sysfsdev"] is { Length: > 0 } path)
        {
            yield return Of("pci", LastFunction(path), LastFunction(path) is null ? path : null);
        }
        else if ((Function(this["host"]) ?? Function(this["hostaddr"])) is { } function)
        {
            yield return Of("pci", function, null);
        }

        if (this["vhostdev"] is { } node)
        {
            yield return Of("vdpa", null, node);
        }

        var disk = this["driver"] == "nvme" ? this["device"] : this["file.driver"] == "nvme" ? this["file.device"] : null;
        if (Function(disk) is { } controller)
        {
            yield return Of("pci", controller, null);
        }
        else if ((this["file"] ?? this["filename"] ?? this["file.filename"]) is { } file && file.StartsWith(Nvme, StringComparison.Ordinal)
            && Function(file[Nvme.Length..].Split('/')[0]) is { } address)
        {
            yield return Of("pci", address, null);
        }
    }

    /// <summary>The function that a path of sysfs ends at; null if the path does not say it: a mediated device.</summary>
    public static PciAddress? LastFunction(string path)
    {
        var name = path.TrimEnd('/')[(path.TrimEnd('/').LastIndexOf('/') + 1)..];
        return PciAddress.TryParse(name, out var address) ? address : null;
    }

    private DomainHostUse Of(string type, PciAddress? address, string? path) =>
        new() { Form = HostUseForm.CommandLine, Type = type == "pci" && address is null ? "mdev" : type, Address = address, Path = path, Alias = this["id"] is { Length: > 0 } id ? id : null };

    /// <summary>An address as QEMU reads it: hexadecimal numbers of any length, the domain left out when it is 0, and the function when it is 0.</summary>
    private static PciAddress? Function(string? text)
    {
        if (text is null || text.Split(':') is not { Length: 2 or 3 } parts || parts[^1].Split('.') is not { Length: 1 or 2 } place)
        {
            return null;
        }

        return Hex(parts.Length == 3 ? parts[0] : "0", uint.MaxValue) is { } domain && Hex(parts[^2], 0xff) is { } bus && Hex(place[0], 0x1f) is { } slot
            && Hex(place.Length == 2 ? place[1] : "0", 7) is { } function
            ? new PciAddress(domain, (byte)bus, (byte)slot, (byte)function)
            : null;
    }

    private static uint? Hex(string text, uint most) =>
        uint.TryParse(text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && value <= most ? value : null;

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string text, string first)
    {
        var isFirst = true;
        foreach (var part in Parts(text))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at >= 0)
            {
                yield return new(part[..at].Trim(), part[(at + 1)..].Trim());
            }
            else if (isFirst)
            {
                yield return new(first, part.Trim());
            }

            isFirst = false;
        }
    }

    private static List<string> Parts(string text)
    {
        var parts = new List<string>();
        var part = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != ',')
            {
                part.Append(text[i]);
            }
            else if (i + 1 < text.Length && text[i + 1] == ',')
            {
                part.Append(text[i++]);
            }
            else
            {
                parts.Add(part.ToString());
                part.Clear();
            }
        }

        parts.Add(part.ToString());
        return parts;
    }

    private static QemuOptions OfJson(string text)
    {
        try
        {
            // QEMU takes strings in single quotes too.
            using var json = JsonDocument.Parse(text.Contains('"', StringComparison.Ordinal) ? text : text.Replace('\'', '"'));
            var properties = new List<KeyValuePair<string, string>>();
            Flatten(json.RootElement, "", properties);
            return new(properties);
        }
        catch (JsonException)
        {
            // Not an object that QEMU would take either: it names nothing.
            return new([]);
        }
    }

    private static void Flatten(JsonElement element, string prefix, List<KeyValuePair<string, string>> into)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (property.Value.ValueKind == JsonValueKind.Object)
            {
                Flatten(property.Value, $"{prefix}{property.Name}.", into);
            }
            else
            {
                into.Add(new(prefix + property.Name, property.Value.ToString()));
            }
        }
    }
}
