using System.Globalization;

namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>The rule for USB ports (<c>virDomainDeviceUSBAddressParseXML</c>).</summary>
internal static class UsbPort
{
    public static string? Check(string? port, string element)
    {
        if (port is null)
        {
            return null;
        }

        var parts = port.Split('.');
        return parts.Length <= 4 && parts.All(p => byte.TryParse(p, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            ? port
            : throw new LibvirtXmlException(element, $"'port' is '{port}' and must be one to four numbers with points between, for example 1.2");
    }
}
