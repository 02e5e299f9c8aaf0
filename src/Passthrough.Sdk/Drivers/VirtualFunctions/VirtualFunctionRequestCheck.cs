using System.Globalization;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Drivers;

/// <summary>Refuses a request for virtual functions that no driver can fulfil.</summary>
internal static class VirtualFunctionRequestCheck
{
    private const int HighestVlan = 4094;
    private const int HighestPriority = 7;

    /// <exception cref="VirtualFunctionException">The request is not valid.</exception>
    public static void Check(PciAddress function, VirtualFunctionRequest request)
    {
        var seen = new HashSet<int>();
        foreach (var settings in request.Settings)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"virtual function {settings.Index} of {function}");
            if (settings.Index < 0 || settings.Index >= request.Count)
            {
                throw Refused(function, string.Create(
                    CultureInfo.InvariantCulture, $"{name} cannot be set, because {function} will have {request.Count} virtual functions; use an index from 0 to {request.Count - 1}, or request more virtual functions"));
            }

            if (!seen.Add(settings.Index))
            {
                throw Refused(function, $"the settings of {name} are given twice; write all settings of a virtual function into one element");
            }

            CheckMac(function, name, settings.MacAddress);
            CheckVlan(function, name, settings.Vlan);
        }
    }

    private static void CheckMac(PciAddress function, string name, string? mac)
    {
        if (mac is null)
        {
            return;
        }

        if (!MacText.TryParse(mac, out var bytes))
        {
            throw Refused(function, $"'{mac}' is not a MAC address, so {name} cannot have it; write six bytes such as 52:54:00:12:34:56");
        }

        if ((bytes[0] & 1) != 0)
        {
            throw Refused(function, $"'{mac}' is a multicast address, so {name} cannot have it; use an address whose first byte is even, such as 52:54:00:12:34:56");
        }
    }

    private static void CheckVlan(PciAddress function, string name, VlanTag? vlan)
    {
        if (vlan is null)
        {
            return;
        }

        if (vlan.Id is < 0 or > HighestVlan)
        {
            throw Refused(function, string.Create(CultureInfo.InvariantCulture, $"{vlan.Id} is not a VLAN, so {name} cannot be in it; use 1 to {HighestVlan}, or 0 for no VLAN"));
        }

        if (vlan.Priority is < 0 or > HighestPriority || (vlan.Id == 0 && (vlan.Priority != 0 || vlan.IsServiceTag)))
        {
            throw Refused(function, string.Create(
                CultureInfo.InvariantCulture, $"{name} cannot have the VLAN '{vlan}': a priority is 0 to {HighestPriority}, and no VLAN (0) has neither a priority nor a protocol; correct the VLAN"));
        }
    }

    private static VirtualFunctionException Refused(PciAddress function, string message) => new(function, message, isRefused: true);
}
