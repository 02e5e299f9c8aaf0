namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Domain and device XML for the tests.</summary>
internal static class Xml
{
    public static string TestDomain(string name) => Domain("test", name, "");

    public static string Domain(string type, string name, string devices) => $"""
        <domain type='{type}'>
          <name>{name}</name>
          <memory unit='MiB'>32</memory>
          <os><type arch='x86_64'{(type == "test" ? "" : " machine='q35'")}>hvm</type></os>
          <devices>{devices}</devices>
        </domain>
        """;

    public static string Hostdev(string managed = "yes") => $"""
        <hostdev mode='subsystem' type='pci' managed='{managed}'>
          <source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source>
        </hostdev>
        """;
}
