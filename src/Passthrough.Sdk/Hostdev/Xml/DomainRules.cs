namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The rules that tie the devices of a domain to each other, as far as host devices go (<c>virDomainDefValidate</c>).</summary>
internal static class DomainRules
{
    /// <summary>Checks a domain element and gives its host devices.</summary>
    /// <exception cref="LibvirtXmlException">libvirt would refuse the domain.</exception>
    public static DomainDevices Check(XmlElementView domain)
    {
        var most = CountDevices(domain);
        var found = new DomainDevices(domain.Tree, most);
        var taken = new DomainTaken(BootsFromOs(domain));
        foreach (var devices in domain.Children)
        {
            if (devices.Name is not "devices")
            {
                continue;
            }

            foreach (var element in devices.Children)
            {
                if (PassthroughDevice.TryRead(element) is { } device)
                {
                    found.Add(element, device);
                    taken.Take(element, device);
                }
                else
                {
                    taken.Take(element);
                }
            }
        }

        return found;
    }

    private static bool BootsFromOs(XmlElementView domain) => domain.Child("os")?.Child("boot") is not null;

    private static int CountDevices(XmlElementView domain)
    {
        var count = 0;
        foreach (var devices in domain.Children)
        {
            foreach (var device in devices.Children)
            {
                count += device.Name is "hostdev" or "interface" ? 1 : 0;
            }
        }

        return count;
    }
}
