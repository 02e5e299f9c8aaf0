using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough groups</c>: lists every IOMMU group and whether it is viable.</summary>
internal static class GroupsVerb
{
    public static Command Create()
    {
        var (root, connect, json) = (SharedOptions.Root(), SharedOptions.Connect(HostSource.Description), SharedOptions.Json());
        var command = new Command("groups", "List every IOMMU group and whether it is viable") { root, connect, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(root), parsed.GetValue(connect), parsed.GetValue(json)));
        return command;
    }

    private static int Run(string root, string? connect, bool json)
    {
        var snapshot = HostSource.Capture(root, connect, CaptureOptions.DevicesOnly with { Isolation = true });
        if (json)
        {
            JsonOut.Write(writer =>
            {
                writer.WriteStartArray();
                foreach (var group in snapshot.IommuGroups)
                {
                    var findings = snapshot.CheckGroup(group);
                    writer.WriteStartObject();
                    writer.WriteNumber("id", group.Id);
                    writer.WriteAddresses("devices", group.Devices);
                    writer.WriteBoolean("viable", findings.Count == 0);
                    writer.WriteFindings(findings);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Yes;
        }

        if (snapshot.IommuGroups.Count == 0)
        {
            Console.WriteLine(snapshot.IommuGroups.State == FactState.Unknown
                ? "cannot tell which IOMMU groups there are: /sys/kernel/iommu_groups cannot be read"
                : "there is no IOMMU group, so no device can be assigned to a guest of QEMU; 'passthrough doctor' says why");
        }

        var names = PciIdDatabase.Load(root);
        foreach (var group in snapshot.IommuGroups)
        {
            var findings = snapshot.CheckGroup(group);
            Console.WriteLine($"group {group.Id}{(findings.Count == 0 ? "" : ": not viable")}");
            foreach (var address in group.Devices)
            {
                Console.WriteLine(snapshot.Devices.TryGet(address, out var device)
                    ? $"  {address} {device.Driver ?? "-",-16} {DeviceNames.Describe(device, names)}"
                    : $"  {address} gone");
            }

            foreach (var finding in findings)
            {
                Console.WriteLine($"  {finding}");
                foreach (var evidence in finding.Evidence)
                {
                    Console.WriteLine($"    because {evidence.Source}: {evidence.Value}");
                }
            }
        }

        return ExitCode.Yes;
    }
}
