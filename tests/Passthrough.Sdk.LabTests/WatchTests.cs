using System.Diagnostics;
using System.Text.Json;
using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests;

/// <summary>The command line tells what happens to a real host's devices and domains.</summary>
[LabHost(Iommu.Vtd, Own = "agreement")]
public sealed class WatchTests
{
    private const string Numbers = "/sys/bus/pci/devices/0000:02:00.0/sriov_numvfs";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Devices_and_domains_are_told_a_line_each_until_it_is_interrupted()
    {
        // Nobody is to wait for a driver that these functions have no use for.
        Shell.Run("echo 0 > /sys/bus/pci/devices/0000:02:00.0/sriov_drivers_autoprobe");
        using var domain = LabDomain.Define("watched");
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", $"exec {CommandLine.Program} watch --connect qemu:///system --json"])
        {
            RedirectStandardOutput = true,
        })!;
        await NextAsync(process, json => Is(json, "watch", "started"));

        Shell.Run($"echo 2 > {Numbers}");
        await NextAsync(process, json => Is(json, "device", "added") && json.GetProperty("device").GetString() == "0000:02:00.1");
        await NextAsync(process, json => Is(json, "device", "added") && json.GetProperty("device").GetString() == "0000:02:00.2");
        Shell.Run($"echo 0 > {Numbers}");
        await NextAsync(process, json => Is(json, "device", "removed"));
        domain.Domain.Start();
        await NextAsync(process, json => Is(json, "domain", "started") && json.GetProperty("domain").GetString() == "watched");
        domain.Domain.Destroy();
        await NextAsync(process, json => Is(json, "domain", "stopped"));

        Shell.Run($"kill -TERM {process.Id}");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
    }

    private static bool Is(JsonElement json, string subject, string happened) =>
        json.GetProperty("subject").GetString() == subject && json.GetProperty("event").GetString() == happened;

    // Every line on the way is an object of its own; those that are not waited for are passed over.
    private static async Task NextAsync(Process process, Func<JsonElement, bool> wanted)
    {
        while (true)
        {
            var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            Assert.True(line is not null, "it ended before what was waited for");
            using var json = JsonDocument.Parse(line);
            if (wanted(json.RootElement))
            {
                return;
            }
        }
    }
}
