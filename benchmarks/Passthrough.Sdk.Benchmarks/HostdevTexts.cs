using System.Globalization;
using System.Text;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>What is read: one host device, and a domain of any number of them.</summary>
internal static class HostdevTexts
{
    /// <summary>One host device.</summary>
    public const string One = """
        <hostdev mode='subsystem' type='pci' managed='yes'>
          <driver name='vfio'/>
          <source>
            <address domain='0x0000' bus='0x06' slot='0x12' function='0x5'/>
          </source>
          <alias name='ua-nic'/>
          <rom bar='on' file='/roms/a.rom'/>
          <address type='pci' domain='0x0000' bus='0x01' slot='0x00' function='0x0'/>
        </hostdev>
        """;

    /// <summary>A domain.</summary>
    /// <param name="devices">How many host devices it has.</param>
    public static string Domain(int devices)
    {
        var text = new StringBuilder("<domain type='kvm'>\n  <name>vm</name>\n  <devices>\n");
        for (var i = 0; i < devices; i++)
        {
            var bus = $"bus='0x{i + 1:x2}'";
            text.Append(One.Replace("bus='0x06'", bus, StringComparison.Ordinal).Replace("bus='0x01'", bus, StringComparison.Ordinal)
                .Replace("ua-nic", $"ua-nic{i}", StringComparison.Ordinal)).Append('\n');
        }

        return text.Append("  </devices>\n</domain>\n").ToString();
    }
}
