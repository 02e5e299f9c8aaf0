namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>
/// The devices of the host that a domain takes behind libvirt's back: arguments that libvirt passes on to QEMU as they stand
/// (<c>&lt;qemu:commandline&gt;</c>), and properties that it sets over its own (<c>&lt;qemu:override&gt;</c>, libvirt 8.2.0).
/// </summary>
internal static class QemuArguments
{
    private static readonly string[] Namespaces = ["http://libvirt.org/schemas/domain/qemu/1.0", "http://libvirt.org/schemas/domain/xen/1.0"];

    public static void Add(List<DomainHostUse> uses, XmlElementView domain)
    {
        foreach (var part in domain.Children)
        {
            switch (LocalName(domain, part))
            {
                case "commandline":
                    AddArguments(uses, ArgumentsOf(part));
                    break;
                case "override":
                    AddOverrides(uses, part);
                    break;
            }
        }
    }

    /// <summary>The name behind a prefix of one of the namespaces; empty for every other element.</summary>
    private static ReadOnlySpan<char> LocalName(XmlElementView domain, XmlElementView part)
    {
        var name = part.Name;
        var colon = name.IndexOf(':');
        ReadOnlySpan<char> declaration = colon < 0 ? "xmlns" : $"xmlns:{name[..colon]}";
        return (part.Attribute(declaration) ?? domain.Attribute(declaration)) is { } uri && Namespaces.Contains(uri, StringComparer.Ordinal) ? name[(colon + 1)..] : default;
    }

    private static bool IsNamed(XmlElementView element, ReadOnlySpan<char> local) =>
        element.Name.SequenceEqual(local) || (element.Name.Length > local.Length && element.Name[^(local.Length + 1)] == ':' && element.Name.EndsWith(local));

    private static List<string> ArgumentsOf(XmlElementView commandLine)
    {
        var arguments = new List<string>();
        foreach (var child in commandLine.Children)
        {
            if (IsNamed(child, "arg") && child.Attribute("value") is { } value)
            {
                arguments.Add(value);
            }
        }

        return arguments;
    }

    private static void AddArguments(List<DomainHostUse> uses, List<string> arguments)
    {
        var devices = new List<QemuOptions>();
        var set = new List<QemuOptions>();
        for (var i = 0; i < arguments.Count; i++)
        {
            // QEMU takes one dash or two. It wants the value as the next argument; one that is joined is read all the same.
            var (name, value) = Split(arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][1..] : arguments[i]);
            if (name is not ("-device" or "-set" or "-drive" or "-blockdev" or "-netdev"))
            {
                continue;
            }

            value ??= ++i < arguments.Count ? arguments[i] : "";
            if (name == "-set")
            {
                set.AddRange(QemuOptions.OfSet(value) is { } one ? [one] : []);
            }
            else
            {
                devices.Add(QemuOptions.Parse(value, name switch { "-device" => "driver", "-netdev" => "type", _ => "file" }));
            }
        }

        // -set comes after the device of that id whatever the order of the arguments; one of a device of libvirt's own stands for itself.
        foreach (var property in set)
        {
            var device = devices.Find(device => device["id"] == property["id"]);
            if (device is null)
            {
                devices.Add(property);
            }
            else
            {
                device.Take(property);
            }
        }

        foreach (var use in devices.SelectMany(device => device.Uses()))
        {
            Add(uses, use);
        }
    }

    private static void AddOverrides(List<DomainHostUse> uses, XmlElementView overrides)
    {
        foreach (var device in overrides.Children)
        {
            foreach (var end in IsNamed(device, "device") ? device.Children : default)
            {
                foreach (var property in end.Children)
                {
                    if (IsNamed(property, "property") && property.Attribute("name") is { } name && property.Attribute("value") is { } value)
                    {
                        foreach (var use in new QemuOptions([new("id", device.Attribute("alias") ?? ""), new(name, value)]).Uses())
                        {
                            Add(uses, use);
                        }
                    }
                }
            }
        }
    }

    private static void Add(List<DomainHostUse> uses, DomainHostUse use)
    {
        if (!uses.Contains(use))
        {
            uses.Add(use);
        }
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var at = argument.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (argument, null) : (argument[..at], argument[(at + 1)..]);
    }
}
