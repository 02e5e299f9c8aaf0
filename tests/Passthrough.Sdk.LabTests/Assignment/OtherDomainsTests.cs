using Passthrough.LabTests.Faults;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Assignment;

/// <summary>What other domains have or ask for, and what the domain itself has room for: docs/guards.md, domains and virtual functions.</summary>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class OtherDomainsTests
{
    private static readonly PciAddress SecondNic = PciAddress.Parse("0000:04:02.0");
    private static readonly PciAddress Absent = PciAddress.Parse("0000:09:00.0");

    public OtherDomainsTests() => Shell.Run("modprobe vfio-pci");

    [Fact]
    public void A_device_in_the_definition_of_a_domain_that_is_shut_off_is_a_warning_with_its_name()
    {
        using var off = LabDomain.Define("off", devices: Attempts.Hostdev(Device.Nic));
        using var other = LabDomain.Define("other");

        var plan = PassthroughHost.Local().Plan([Device.Nic], other.Domain);

        var finding = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.DeviceInOtherDefinition);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains("off", finding.Title, StringComparison.Ordinal);
        Assert.False(plan.IsRefused);
        Assert.DoesNotContain(PassthroughHost.Local().Plan([Device.Nic], off.Domain).Findings, finding => finding.Id == FindingIds.DeviceInOtherDefinition);
    }

    [Fact]
    public void A_disk_or_an_interface_of_the_host_in_a_definition_is_a_warning_with_its_name()
    {
        var nic = Path.GetFileName(Directory.GetDirectories($"/sys/bus/pci/devices/{Device.Nic}/net").Single());
        using var off = LabDomain.Define(
            "off",
            devices: $"<disk type='block' device='disk'><source dev='/dev/nvme0n1'/><target dev='vda'/></disk><interface type='direct'><source dev='{nic}' mode='bridge'/></interface>");
        using var other = LabDomain.Define("other");

        foreach (var (device, part) in new[] { (PciAddress.Parse("0000:02:00.0"), "<disk type='block'> on /dev/nvme0n1"), (Device.Nic, $"<interface type='direct'> on {nic}") })
        {
            var plan = PassthroughHost.Local().Plan([device], other.Domain);
            Assert.False(plan.IsRefused);
            var finding = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.DeviceInOtherDefinition);
            Assert.Equal($"another definition also uses {device}: off", finding.Title);
            Assert.Contains(finding.Evidence, evidence => evidence.Value == part);
            Assert.StartsWith("the definition of off also has ", Assert.Single(PassthroughHost.Local().Plan([device], off.Domain).Findings, finding => finding.Id == FindingIds.DeviceInOtherDefinition).Title, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Another_member_of_the_group_that_the_definition_has_goes_along()
    {
        using var vm = LabDomain.Define("both", devices: Attempts.Hostdev(Device.SharedNic));
        var plan = PassthroughHost.Local().Plan([SecondNic], vm.Domain);
        Assert.False(plan.IsRefused);
        Assert.DoesNotContain(plan.Findings, finding => finding.Id is FindingIds.GroupNotViable or FindingIds.GroupShared);
        using var alone = LabDomain.Define("alone");
        Assert.Contains(PassthroughHost.Local().Plan([SecondNic], alone.Domain).Findings, finding => finding.Id == FindingIds.GroupNotViable);
    }

    /// <summary>libvirt itself finds it out when the second domain starts.</summary>
    [Fact]
    public void A_group_of_which_another_running_domain_has_a_member_is_refused_by_name()
    {
        using var first = LabDomain.Define("first", devices: Attempts.Hostdev(Device.SharedNic));
        using var second = LabDomain.Define("second");
        Shell.Run("virsh -q nodedev-detach pci_0000_04_02_0");
        try
        {
            first.Domain.Start();

            var plan = PassthroughHost.Local().Plan([SecondNic], second.Domain);

            Assert.True(plan.IsRefused);
            var finding = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.GroupInUseByDomain);
            Assert.Equal(FindingSeverity.Error, finding.Severity);
            Assert.Contains("the running domain first has 0000:04:01.0", finding.Title, StringComparison.Ordinal);

            second.Domain.AttachDevice(Attempts.Hostdev(SecondNic), DeviceAffect.Config);
            var libvirt = Assert.Throws<LibvirtException>(() => second.Domain.Start());
            Assert.Contains("in use by driver QEMU, domain first", libvirt.NativeMessage, StringComparison.Ordinal);
            Assert.Equal("vfio-pci vfio-pci", $"{Device.DriverOf(Device.SharedNic)} {Device.DriverOf(SecondNic)}");
        }
        finally
        {
            first.Domain.Destroy();
            Shell.Run("virsh -q nodedev-reattach pci_0000_04_02_0");
        }

        Assert.Equal("e1000 e1000", $"{Device.DriverOf(Device.SharedNic)} {Device.DriverOf(SecondNic)}");
    }

    [Fact]
    public async Task A_running_domain_without_a_free_port_is_told_before_anything_happens()
    {
        using var full = LabDomain.Define("full", freePorts: 0);
        full.Domain.Start();
        var before = full.Definition;

        var plan = PassthroughHost.Local().Plan([Device.Nic], full.Domain);

        var finding = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.DomainNoFreeSlot);
        Assert.Equal(FindingSeverity.Error, finding.Severity);
        Assert.Contains("pcie-root-port", finding.Remedy, StringComparison.Ordinal);
        Assert.Equal((before, "e1000e"), (full.Definition, Device.DriverOf(Device.Nic)));

        // What libvirt says where nobody asks before.
        var error = Assert.Throws<LibvirtException>(() => full.Domain.AttachDevice(Attempts.Hostdev(Device.Nic), DeviceAffect.Live));
        Assert.Contains("No more available PCI slots", error.NativeMessage, StringComparison.Ordinal);

        using var roomy = LabDomain.Define("roomy", freePorts: 1);
        roomy.Domain.Start();
        Assert.DoesNotContain(PassthroughHost.Local().Plan([Device.Nic], roomy.Domain).Findings, finding => finding.Id == FindingIds.DomainNoFreeSlot);
        Assert.Contains(PassthroughHost.Local().Plan([Device.SharedNic, SecondNic], roomy.Domain).Findings,
            finding => finding.Id == FindingIds.DomainNoFreeSlot && finding.Remedy.Contains("pcie-to-pci-bridge", StringComparison.Ordinal));
        await PassthroughHost.Local().Plan([Device.Nic], roomy.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("vfio-pci", Device.DriverOf(Device.Nic));
        roomy.Domain.Destroy();
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }

    [Fact]
    public async Task An_i440fx_guest_is_full_when_libvirt_says_so()
    {
        using var vm = LabDomain.DefineI440fx("i440fx", Filler(count: 29));
        vm.Domain.Start();
        await PassthroughHost.Local().Plan([Device.Nic], vm.Domain).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        var plan = PassthroughHost.Local().Plan([Device.Sound], vm.Domain);
        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.DomainNoFreeSlot);
        Assert.Contains("No more available PCI slots",
            Assert.Throws<LibvirtException>(() => vm.Domain.AttachDevice(Attempts.Hostdev(Device.Sound), DeviceAffect.Live)).NativeMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_running_domains_get_and_lose_their_devices_in_one_plan()
    {
        using var one = LabDomain.Define("one");
        using var two = LabDomain.Define("two", devices: "<controller type='pci' model='pcie-to-pci-bridge'/>");
        one.Domain.Start();
        two.Domain.Start();

        Run($"assign {Device.Nic} --domain one --also two={Device.Sound} --yes");

        Assert.Equal("vfio-pci vfio-pci", $"{Device.DriverOf(Device.Nic)} {Device.DriverOf(Device.Sound)}");
        Assert.Contains("bus='0x01'", one.Domain.GetXml(), StringComparison.Ordinal);
        Assert.Contains("slot='0x1b'", two.Domain.GetXml(), StringComparison.Ordinal);
        Assert.Equal("", HostPicture.Entries());

        // No system runs in the second guest, so it never releases its device: the first, which is shut off by now, keeps its own.
        one.Domain.Destroy();
        var before = (one.Definition, two.Definition);
        var (failed, output, errors) = Shell.Try($"{CommandLine.Program} release {Device.Nic} --domain one --also two={Device.Sound}");
        Assert.True(failed == 3 && errors.Contains("every other change was undone", StringComparison.Ordinal), $"exit code {failed}: {output}{errors}");
        Assert.Equal(before, (one.Definition, two.Definition));
        Assert.Equal("", HostPicture.Entries());

        two.Domain.Destroy();
        Run($"release {Device.Nic} --domain one --also two={Device.Sound}");

        Assert.DoesNotContain("<hostdev", one.Definition + two.Definition, StringComparison.Ordinal);
        Assert.Equal("e1000e snd_hda_intel", $"{Device.DriverOf(Device.Nic)} {Device.DriverOf(Device.Sound)}");

        static void Run(string command)
        {
            var (code, output, errors) = Shell.Try($"{CommandLine.Program} {command}");
            Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        }
    }

    [Fact]
    public async Task A_definition_is_cleaned_of_a_device_that_the_host_does_not_have_any_more()
    {
        using var vm = LabDomain.Define("stale");
        vm.Domain.AttachDevice(Attempts.Hostdev(Absent), DeviceAffect.Config);

        var (code, output, errors) = Shell.Try($"{CommandLine.Program} release {Absent} --domain stale");

        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        Assert.DoesNotContain("<hostdev", vm.Definition, StringComparison.Ordinal); // libvirt keeps the port that it added for the device

        // What the domain never had is a mistake, and stays one.
        var plan = PassthroughHost.Local().PlanRelease([Absent], vm.Domain);
        Assert.Equal(FindingIds.DeviceNotFound, Assert.Single(plan.Findings).Id);
        await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_disk_that_QEMU_drives_itself_counts_as_a_user_and_is_taken_out_again()
    {
        const string disk = "<disk type='nvme' device='disk'><driver name='qemu' type='raw'/><source type='pci' managed='yes' namespace='1'>"
            + "<address domain='0x0000' bus='0x02' slot='0x00' function='0x0'/></source><target dev='vda' bus='virtio'/></disk>";
        var nvme = PciAddress.Parse("0000:02:00.0");
        using var vm = LabDomain.Define("nvme", devices: disk);
        using var other = LabDomain.Define("other");
        vm.Domain.Start();
        try
        {
            var finding = Assert.Single(PassthroughHost.Local().Plan([nvme], other.Domain).Findings, finding => finding.Id == FindingIds.DeviceInUseByDomain);
            Assert.Contains("nvme", finding.Title, StringComparison.Ordinal);
        }
        finally
        {
            vm.Domain.Destroy();
        }

        Assert.Contains(PassthroughHost.Local().Plan([nvme], other.Domain).Findings, finding => finding.Id == FindingIds.DeviceInOtherDefinition);
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} release {nvme} --domain nvme");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        Assert.DoesNotContain("type='nvme'", vm.Definition, StringComparison.Ordinal);
        Assert.Equal("nvme", Device.DriverOf(nvme));
    }

    [Fact]
    public void A_device_taken_by_arguments_for_QEMU_counts_as_a_user_and_is_named_with_what_to_edit()
    {
        // What libvirt is not told of, it does not prepare: QEMU may not see the group's node, nor lock the guest's memory.
        var group = new FileInfo($"/sys/bus/pci/devices/{Device.Nic}/iommu_group").LinkTarget!.Split('/')[^1];
        LibvirtDaemon.RestartWith($"cgroup_device_acl = [\"/dev/null\", \"/dev/full\", \"/dev/zero\", \"/dev/random\", \"/dev/urandom\", \"/dev/ptmx\", \"/dev/vfio/vfio\", \"/dev/vfio/{group}\"]");
        Shell.Run("virsh -q nodedev-detach pci_0000_01_00_0");
        try
        {
            using var vm = LabDomain.Define("arguments", settings: "<memoryBacking><locked/></memoryBacking>");
            using var other = LabDomain.Define("other");
            using var _ = vm.Libvirt.DefineDomain(vm.Definition
                .Replace("<domain type='qemu'>", "<domain type='qemu' xmlns:qemu='http://libvirt.org/schemas/domain/qemu/1.0'>", StringComparison.Ordinal)
                .Replace("</domain>", "<qemu:commandline><qemu:arg value='-device'/><qemu:arg value='vfio-pci,host=0000:01:00.0,addr=0x10'/></qemu:commandline></domain>", StringComparison.Ordinal));
            Assert.Contains(PassthroughHost.Local().Plan([Device.Nic], other.Domain).Findings, finding => finding.Id == FindingIds.DeviceInOtherDefinition);

            vm.Domain.Start();
            var finding = Assert.Single(PassthroughHost.Local().Plan([Device.Nic], other.Domain).Findings, finding => finding.Id == FindingIds.DeviceInUseByDomain);
            Assert.Contains("arguments", finding.Title, StringComparison.Ordinal);
            finding = Assert.Single(PassthroughHost.Local().PlanRelease([Device.Nic], vm.Domain).Findings);
            Assert.Equal((FindingIds.DomainDeviceByHand, FindingSeverity.Error), (finding.Id, finding.Severity));
        }
        finally
        {
            Shell.Run("virsh -q nodedev-reattach pci_0000_01_00_0");
            LibvirtDaemon.RestartWith(null);
        }
    }

    /// <summary>The test driver is not this host, whatever this host's devices are; nor is another host's daemon.</summary>
    [Theory]
    [InlineData("plan 0000:01:00.0 --domain test --connect test:///default")]
    [InlineData("assign 0000:01:00.0 --domain test --connect test:///default --yes")]
    [InlineData("release 0000:01:00.0 --domain test --connect test:///default")]
    [InlineData("doctor 0000:01:00.0 --connect test:///default")]
    public void A_connection_that_does_not_lead_here_is_refused_by_name(string arguments)
    {
        var (code, _, errors) = Shell.Try($"{CommandLine.Program} {arguments}");
        Assert.True(code == 1, $"exit code {code}: {errors}");
        Assert.Contains("test:///default", errors, StringComparison.Ordinal);
        Assert.Contains("run this on that host", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_leads_back_to_this_host_is_this_host()
    {
        using var vm = LabDomain.Define("loop");
        // A second way to the same daemon: its socket under another name, of which nobody knows beforehand where it leads.
        var (code, output, errors) = Shell.Try($"ln -sf /run/libvirt/libvirt-sock /run/other-sock; {CommandLine.Program} plan 0000:01:00.0 --domain loop --connect 'qemu+unix:///system?socket=/run/other-sock'");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
    }

    private static string Filler(int count) =>
        string.Concat(Enumerable.Range(1, count).Select(_ => "<rng model='virtio'><backend model='random'>/dev/urandom</backend></rng>"));
}
