using System.Text.RegularExpressions;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Assignment;

/// <summary>Programs and daemons that end in the middle: what stays in the journal, who minds it, and how it is taken back.</summary>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class UnfinishedTests : IDisposable
{
    private static readonly string Journal = new PlanOptions().JournalDirectory;

    public UnfinishedTests() => Shell.Run("modprobe vfio-pci");

    public void Dispose() => LeftJournal.Clear();

    [Fact]
    public void Nothing_begins_on_top_of_an_unfinished_plan_and_recovery_gives_everything_back()
    {
        using var vm = LabDomain.Define("unfinished");
        vm.Domain.Start();
        var records = Records();
        var before = HostPicture.Of(Device.Nic, vm);
        KillInTheAttach(vm);

        foreach (var verb in new[] { "assign", "release" })
        {
            var (code, output, errors) = Shell.Try($"{CommandLine.Program} {verb} {Device.Nic} --domain unfinished --dry-run");
            Assert.True(code == 1, $"{verb}: exit code {code}: {output}{errors}");
            Assert.Contains("[plan.unfinished]", output, StringComparison.Ordinal);
        }

        var refused = Shell.Try($"{CommandLine.Program} assign {Device.Nic} --domain unfinished --yes --accept plan.unfinished");
        Assert.True(refused.Code == 1, $"exit code {refused.Code}: {refused.Errors}");
        Assert.Contains("unfinished with 0000:01:00.0, begun 2", refused.Errors, StringComparison.Ordinal);
        Assert.Contains("plan.unfinished cannot be accepted", refused.Errors, StringComparison.Ordinal);

        // The firmware of the guest answers no unplug: what cannot be taken back is named, and stays.
        var left = Shell.Try($"{CommandLine.Program} recover");
        Assert.True(left.Code == 3, $"exit code {left.Code}: {left.Output}{left.Errors}");
        Assert.Contains("did not release", left.Output, StringComparison.Ordinal);
        Assert.NotEqual("", HostPicture.Entries());

        vm.Domain.Destroy();
        var settled = Shell.Try($"{CommandLine.Program} recover");
        Assert.True(settled.Code == 0, $"exit code {settled.Code}: {settled.Output}{settled.Errors}");
        Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
        Assert.Equal((0, records), (Shell.Try($"{CommandLine.Program} recover").Code, Records()));
    }

    [Fact]
    public void One_bad_entry_does_not_stop_the_others()
    {
        using var vm = LabDomain.Define("good");
        vm.Domain.Start();
        var before = HostPicture.Of(Device.Nic, vm);
        KillInTheAttach(vm);
        vm.Domain.Destroy();
        var entry = Shell.Run($"cat {Journal}/*.json");
        File.WriteAllText($"{Journal}/torn.json", entry[..(entry.Length / 2)]);
        File.WriteAllText($"{Journal}/empty.json", "");
        File.WriteAllText($"{Journal}/newer.json", Regex.Replace(entry, "\"format\": [0-9]+", "\"format\": 99"));
        File.WriteAllText($"{Journal}/away.json", entry.Replace("qemu:///system", "qemu+unix:///system?socket=/none", StringComparison.Ordinal).Replace("\"id\": \"", "\"id\": \"away-", StringComparison.Ordinal));
        File.WriteAllText($"{Journal}/vanished.json", entry.Replace("\"domain\": \"good\"", "\"domain\": \"vanished\"", StringComparison.Ordinal).Replace("\"id\": \"", "\"id\": \"vanished-", StringComparison.Ordinal));
        try
        {
            var (code, output, errors) = Shell.Try($"{CommandLine.Program} recover");

            Assert.True(code == 3, $"exit code {code}: {output}{errors}");
            Assert.Equal(1, errors.Count(c => c == '\n'));
            Assert.Contains("for good (begun 2", output, StringComparison.Ordinal);
            Assert.Contains("torn.json: not undone", output, StringComparison.Ordinal);
            Assert.Contains($"{Journal}/unreadable/empty.json", output, StringComparison.Ordinal);
            Assert.Contains("newer.json: not undone: a newer version wrote it", output, StringComparison.Ordinal);
            Assert.Contains("/none", output, StringComparison.Ordinal);
            Assert.Contains("the domain vanished no longer exists", output, StringComparison.Ordinal);
            var kept = string.Join(' ', HostPicture.Entries().Split(' ').Order(StringComparer.Ordinal));
            Assert.True(kept == "away.json newer.json", $"{kept}: {output}{errors}");
            Assert.Equal(before with { Journal = "" }, HostPicture.Of(Device.Nic, vm) with { Journal = "" });
        }
        finally
        {
            Shell.Run($"rm -rf {Journal}/*.json {Journal}/unreadable");
        }
    }

    [Fact]
    public void A_NIC_on_VFIO_after_libvirtd_was_killed_in_the_attach_comes_back_or_its_holder_is_named()
    {
        var before = StartApart("killed");
        using (var assign = RunningCommand.Start($"assign {Device.Nic} --domain killed --yes"))
        {
            assign.WaitFor("done: 1.");
            Shell.Run($"until [ \"$(cat /sys/bus/pci/devices/{Device.Nic}/driver_override)\" = vfio-pci ]; do :; done; kill -KILL $(cat /run/libvirtd.pid)");
            var (code, output, errors) = assign.WaitForEnd();
            Assert.True(code == 3, $"exit code {code}: {output}{errors}");
            Assert.Contains("recover", errors, StringComparison.Ordinal);
        }

        LibvirtDaemon.Start();
        using var vm = LabDomain.Find("killed"); // the connection from before is gone
        Settle(before, vm);
    }

    [Fact]
    public void The_administrators_own_override_and_driver_come_back_exactly()
    {
        var device = $"/sys/bus/pci/devices/{Device.Nic}";
        using var vm = LabDomain.Define("reserved");
        vm.Domain.Start();
        try
        {
            foreach (var name in new[] { "e1000e", "vfio-pci" })
            {
                Shell.Run($"echo {name} >{device}/driver_override; echo {Device.Nic} >{device}/driver/unbind; echo {Device.Nic} >/sys/bus/pci/drivers_probe");
                var before = HostPicture.Of(Device.Nic, vm);
                Assert.Equal((name, name), (before.Driver, before.DriverOverride));

                // A device that the domain never had is not touched.
                Shell.Run($"{CommandLine.Program} release {Device.Nic} --domain reserved");
                Assert.Equal(before, HostPicture.Of(Device.Nic, vm));

                // A release in another program, after the guest has ended and libvirt has cleared what it found.
                Shell.Run($"{CommandLine.Program} assign {Device.Nic} --domain reserved --yes");
                vm.Domain.Destroy();
                Shell.Run($"{CommandLine.Program} release {Device.Nic} --domain reserved");
                Assert.Equal(before with { IsLive = false }, HostPicture.Of(Device.Nic, vm));
                vm.Domain.Start();

                // A plan that ends half way.
                KillInTheAttach(vm);
                vm.Domain.Destroy();
                Shell.Run($"{CommandLine.Program} recover");
                Assert.Equal(before with { IsLive = false }, HostPicture.Of(Device.Nic, vm));
                vm.Domain.Start();
            }
        }
        finally
        {
            Shell.Run($"echo >{device}/driver_override; echo {Device.Nic} >{device}/driver/unbind; echo {Device.Nic} >/sys/bus/pci/drivers_probe");
            Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        }
    }

    [Fact]
    public void A_full_disk_means_that_nothing_begins()
    {
        using var vm = LabDomain.Define("full");
        var before = HostPicture.Of(Device.Nic, vm);
        Shell.Run("mkdir -p /var/lib/passthrough; mount -t tmpfs -o size=16k,nr_inodes=20 tmpfs /var/lib/passthrough; mkdir -p -m 700 /var/lib/passthrough/journal; dd if=/dev/zero of=/var/lib/passthrough/fill bs=4k count=10 2>/dev/null || true");
        try
        {
            var (code, _, errors) = Shell.Try($"{CommandLine.Program} assign {Device.Nic} --domain full --yes");

            Assert.True(code == 3, $"exit code {code}: {errors}");
            Assert.Contains("no space left", errors, StringComparison.OrdinalIgnoreCase);
            Assert.Equal(1, errors.Count(c => c == '\n'));
            Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
        }
        finally
        {
            Shell.Run("umount /var/lib/passthrough");
        }
    }

    // What was assigned to domains of other scenarios that were removed without a release stays until the next boot.
    private static string Records() => Shell.Run($"ls {Journal}/assigned 2>/dev/null || true");

    // Ends the program with SIGKILL while libvirt attaches, which libvirt goes on with.
    private static void KillInTheAttach(LabDomain vm)
    {
        using (var assign = RunningCommand.Start($"assign {Device.Nic} --domain {vm.Domain.Name} --yes"))
        {
            assign.WaitFor("done: 1.");
            Shell.Run($"until [ \"$(cat /sys/bus/pci/devices/{Device.Nic}/driver_override)\" = vfio-pci ]; do :; done");
            assign.Signal("KILL");
            assign.WaitForEnd();
        }

        Assert.NotEqual("", HostPicture.Entries());
    }

    private static HostPicture StartApart(string name)
    {
        var vm = LabDomain.Define(name);
        vm.Domain.Start();
        return HostPicture.Of(Device.Nic, vm);
    }

    // As before, or what is not is named with its reason until the guest has ended.
    private static void Settle(HostPicture before, LabDomain vm)
    {
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} recover");
        if (code != 0)
        {
            Assert.Contains("left: ", output, StringComparison.Ordinal);
            Assert.True(output.Contains("still has", StringComparison.Ordinal) || output.Contains("did not release", StringComparison.Ordinal), output + errors);
            Assert.NotEqual("", HostPicture.Entries());
            vm.Domain.Destroy();
            var again = Shell.Try($"{CommandLine.Program} recover");
            Assert.True(again.Code == 0, $"exit code {again.Code}: {again.Output}{again.Errors}");
        }

        Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
    }
}
