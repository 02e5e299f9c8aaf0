using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough hostdev</c>: the host devices that a domain's XML asks for.</summary>
internal static class HostdevVerb
{
    public static Command Create()
    {
        var (file, json) = (XmlInput.Argument(), SharedOptions.Json());
        var command = new Command("hostdev", "The host devices that a domain's XML asks for") { file, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string file, bool json)
    {
        var devices = Devices(XmlInput.Read(file));
        if (!json)
        {
            foreach (var device in devices)
            {
                Console.WriteLine($"{TypeOf(device),-9} {SourceOf(device)?.ToString() ?? "-",-13} {(device.Managed ? "managed" : "unmanaged"),-9} "
                    + $"{GuestOf(device) ?? "-",-13} {device.Alias ?? "-"}");
            }

            return ExitCode.Yes;
        }

        JsonOut.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var device in devices)
            {
                writer.WriteStartObject();
                writer.WriteString("type", TypeOf(device));
                writer.WriteAddress("address", SourceOf(device));
                writer.WriteBoolean("managed", device.Managed);
                writer.WriteString("guestAddress", GuestOf(device));
                writer.WriteString("alias", device.Alias);
                writer.WriteString("from", device is HostInterface ? "interface" : "hostdev");
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        return ExitCode.Yes;
    }

    /// <summary>Those of a domain in the document's order; a single element stands for itself.</summary>
    private static ValueList<DomainHostDevice> Devices(string xml) => DomainHostDevice.ParseAll(xml);

    private static string TypeOf(DomainHostDevice device) => device is HostDevice host ? host.Type : "pci";

    private static PciAddress? SourceOf(DomainHostDevice device) => device switch
    {
        PciHostDevice pci => pci.Address,
        HostInterface nic => nic.Address,
        _ => null,
    };

    /// <summary>The PCI address in the guest; other kinds of address by their kind.</summary>
    private static string? GuestOf(DomainHostDevice device) => device.GuestAddress switch
    {
        PciGuestAddress { Address: { } address } => address.ToString(),
        PciGuestAddress or null => null,
        var other => other.Type,
    };
}
