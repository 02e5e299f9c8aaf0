using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough hostdev</c>: lists the host devices in a domain's XML.</summary>
internal static class HostdevVerb
{
    public static Command Create()
    {
        var (file, json) = (XmlInput.Argument(), SharedOptions.Json());
        var command = new Command("hostdev", "List the host devices in a domain's XML") { file, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string file, bool json)
    {
        var uses = Uses(XmlInput.Read(file));
        if (!json)
        {
            foreach (var use in uses)
            {
                Console.WriteLine($"{use.Type,-9} {use.Address?.ToString() ?? use.Path ?? "-",-13} {(use.Managed ? "managed" : "unmanaged"),-9} "
                    + $"{use.GuestAddress ?? "-",-13} {use.Alias ?? "-",-13} {FromOf(use)}");
            }

            return ExitCode.Yes;
        }

        JsonOut.Write(writer =>
        {
            writer.WriteStartArray();
            foreach (var use in uses)
            {
                writer.WriteStartObject();
                writer.WriteString("type", use.Type);
                writer.WriteAddress("address", use.Address);
                writer.WriteBoolean("managed", use.Managed);
                writer.WriteString("guestAddress", use.GuestAddress);
                writer.WriteString("alias", use.Alias);
                writer.WriteString("from", FromOf(use));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
        return ExitCode.Yes;
    }

    /// <summary>Returns the uses in a domain, in the order of the document; a single element is treated as a domain with one
    /// device.</summary>
    private static ValueList<DomainHostUse> Uses(string xml)
    {
        var uses = DomainHostUse.ParseAll(xml);

        // Host devices that libvirt would refuse are refused, and so is a document of another kind.
        if (uses.Count != 1 || uses[0].Form != HostUseForm.Disk)
        {
            _ = PassthroughDevice.ParseAll(xml);
        }

        return uses;
    }

    private static string FromOf(DomainHostUse use) => use.Form switch
    {
        HostUseForm.Hostdev => "hostdev",
        HostUseForm.Interface => "interface",
        HostUseForm.Disk => "disk",
        _ => "commandline",
    };
}
