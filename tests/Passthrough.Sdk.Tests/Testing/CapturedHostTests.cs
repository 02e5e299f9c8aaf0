using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing;

/// <summary>A captured host says on a copy what its archive says, and acts there.</summary>
public sealed partial class CapturedHostTests
{
    private const string Nic = "0000:01:00.0";
    private const string NicPath = "/sys/devices/pci0000:00/0000:00:10.0/0000:01:00.0";

    public static TheoryData<string> Names => ["vtd-desktop", "amdvi-desktop", "vtd-virtual-functions", "vtd-switched-off", "xen-dom0"];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_copy_says_what_the_archive_says_in_memory_and_in_a_directory(string name)
    {
        var archive = Path.Combine(Path.GetTempPath(), $"passthrough-{Guid.NewGuid():N}.tar.gz");
        try
        {
            File.WriteAllBytes(archive, Archive(name));
            var expected = Text(PassthroughHost.At(archive), name);
            using var host = TestHost.FromArchive(archive);
            using var shipped = Of(name);

            Assert.Equal(expected, Text(host.Open(), name));
            Assert.Equal(expected, Text(shipped.Open(), name));
            Assert.False(Path.Exists(host.Open().Source));
            var before = host.Capture();
            Assert.Equal(expected, Text(host.OnDisk().Open(), name));
            Assert.True(Directory.Exists(host.Files.Root));
            host.ShouldBeUnchangedSince(before);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    [Fact]
    public void Each_host_is_what_its_name_says()
    {
        using (var host = CapturedHosts.VtdDesktop())
        {
            host.CheckReadiness().ShouldBeReady();
            host.CheckDevice(Nic).ShouldBeReady();
            host.CheckDevice("0000:02:00.0").ShouldFind(FindingIds.DeviceHoldsMountedFileSystem, on: "0000:02:00.0");
            host.CheckDevice("0000:04:01.0").ShouldFind(FindingIds.GroupNotViable);
            host.CheckDevice("0000:04:02.0").ShouldFind(FindingIds.DeviceHoldsActiveNetworkInterface);
            host.CheckDevice("0000:00:1f.2").ShouldFind(FindingIds.GroupNotViable);
            host.CheckDevice("0000:00:01.0").ShouldFind(FindingIds.DeviceIsBootDisplay);
        }

        using (var host = CapturedHosts.AmdViDesktop())
        {
            host.CheckReadiness().ShouldBeReady();
            Assert.Equal(Passthrough.Sdk.Iommu.IommuKind.AmdVi, host.Capture().System.Iommu.Units.Value[0].Kind);
        }

        using (var host = CapturedHosts.VtdVirtualFunctions())
        {
            var functions = host.Capture().Devices[PciAddress.Parse("0000:02:00.0")].VirtualFunctions;
            Assert.Equal(2, functions.Count);
            host.ShouldHaveDriver(functions[0].ToString(), "vfio-pci").ShouldHaveDriver(functions[1].ToString(), null);
        }

        using (var host = CapturedHosts.VtdSwitchedOff())
        {
            host.CheckReadiness().ShouldNotBeReady().ShouldFind(FindingIds.IommuDisabledByKernelParameter);
            Assert.Empty(host.Capture().IommuGroups);
        }

        using (var host = CapturedHosts.XenDom0())
        {
            host.ShouldHaveDriver(Nic, "pciback").CheckReadiness().ShouldFind(FindingIds.CpuVirtualizationMissing).ShouldNotFind(FindingIds.IommuInactive);
            Assert.Throws<InvalidOperationException>(() => host.Libvirt);
        }
    }

    [Fact]
    public async Task A_captured_host_plans_acts_and_returns()
    {
        using var host = CapturedHosts.VtdDesktop();
        var (before, guest) = (host.Capture(), host.Libvirt.AddDomain("vm1", isRunning: true));

        var plan = host.Open().Plan([PciAddress.Parse(Nic)], guest).ShouldHaveSteps(PlanStepKind.AddToDefinition, PlanStepKind.AttachLive);
        await plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        host.ShouldHaveDriver(Nic, "vfio-pci");
        Assert.Contains(PciAddress.Parse(Nic), DomainDocument.Parse(guest.GetXml()).PciAddresses);
        Assert.False(Path.Exists(host.Files.PathOf("/sys/class/net/enp1s0")));
        Assert.Throws<PassthroughAssertionException>(() => host.ShouldBeUnchangedSince(before));

        await host.Open().PlanRelease([PciAddress.Parse(Nic)], guest).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        host.ShouldHaveDriver(Nic, "e1000e").ShouldBeUnchangedSince(before);
        host.Open().Plan([PciAddress.Parse("0000:02:00.0")], guest).ShouldBeRefusedFor(FindingIds.DeviceHoldsMountedFileSystem);
        host.Open().Plan([PciAddress.Parse("0000:04:01.0")], guest).ShouldBeRefusedFor(FindingIds.GroupNotViable);
    }

    [Fact]
    public async Task A_failure_on_a_captured_host_is_undone()
    {
        using var host = CapturedHosts.AmdViDesktop();
        var (before, guest) = (host.Capture(), host.Libvirt.AddDomain("vm1", isRunning: true));
        host.Libvirt.Calling = call => _ = call == "virDomainAttachDeviceFlags" && guest.GetXml().Length > 0 ? throw FakeLibvirt.Error(Passthrough.Sdk.Libvirt.LibvirtErrorCode.OperationFailed, "no") : 0;

        await Assert.ThrowsAsync<PlanFailedException>(() => host.Open().Plan([PciAddress.Parse(Nic)], guest).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));

        host.ShouldHaveDriver(Nic, "e1000e").ShouldBeUnchangedSince(before);
    }

    [Fact]
    public async Task A_binding_that_fails_on_a_captured_host_is_undone()
    {
        using var host = CapturedHosts.VtdDesktop();
        var before = host.Capture();
        host.Files.Writing = (path, text) => path.EndsWith("/driver_override", StringComparison.Ordinal) && path.Contains("1b.0", StringComparison.Ordinal) && text == "vfio-pci" ? 5 : null;

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => host.Open()
            .PlanBind([PciAddress.Parse("0000:01:00.0"), PciAddress.Parse("0000:00:1b.0")], "vfio-pci").ApplyAsync(cancellationToken: TestContext.Current.CancellationToken));

        Assert.Empty(error.NotUndone);
        host.ShouldHaveDriver(Nic, "e1000e").ShouldBeUnchangedSince(before);
    }

    [Fact]
    public async Task What_a_driver_makes_comes_and_goes_with_it()
    {
        using var host = CapturedHosts.VtdDesktop();
        host.Files.Remove("/proc/self/mountinfo").Remove("/.passthrough/mounts");
        var nic = PciAddress.Parse("0000:01:00.0");

        await host.Open().PlanBind([nic], "vfio-pci").ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(host.Capture().System.Usage[nic].NetworkInterfaces.Value);
        await host.Open().PlanUnbind([nic]).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal("enp1s0", Assert.Single(host.Capture().System.Usage[nic].NetworkInterfaces.Value).Name);
    }

    // The captures of interfaces have such files: phys_port_id answers EOPNOTSUPP.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_could_not_be_read_of_a_driver_cannot_be_read_after_it_returned(bool isOnDisk)
    {
        using var host = Unreadable();
        _ = isOnDisk ? host.Root : null;
        Assert.Equal((13, 13), (Read(host, $"{NicPath}/net/enp1s0/closed"), List(host, $"{NicPath}/net/enp1s0/locked")));

        Assert.Equal(0, host.TryWrite("/sys/bus/pci/drivers/e1000e/unbind", Nic));
        Assert.Equal((2, 2), (Read(host, $"{NicPath}/net/enp1s0/closed"), List(host, $"{NicPath}/net/enp1s0/locked")));
        Assert.Equal(0, host.TryWrite("/sys/bus/pci/drivers/e1000e/bind", Nic));

        Assert.Equal((13, 13), (Read(host, $"{NicPath}/net/enp1s0/closed"), List(host, $"{NicPath}/net/enp1s0/locked")));
        Assert.Equal(13, Read(host, "/sys/class/net/enp1s0/closed"));
    }

    [Fact]
    public void What_could_not_be_read_of_a_driver_that_is_away_is_still_unreadable_in_a_directory()
    {
        using var host = Unreadable();
        Assert.Equal(0, host.TryWrite("/sys/bus/pci/drivers/e1000e/unbind", Nic));
        _ = host.Root;
        Assert.Equal(0, host.TryWrite("/sys/bus/pci/drivers/e1000e/bind", Nic));

        Assert.Equal((13, 13), (Read(host, $"{NicPath}/net/enp1s0/closed"), List(host, $"{NicPath}/net/enp1s0/locked")));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_that_is_written_by_one_path_can_be_read_by_all_others(bool isOnDisk)
    {
        using var host = Unreadable();
        _ = isOnDisk ? host.Root : null;
        host.AddLink("/etc/alias", "/sys/class/net/enp1s0");

        host.WriteFile("/sys/class/net/enp1s0/closed", "now\n");

        Assert.Equal((0, 0, 0), (Read(host, "/sys/class/net/enp1s0/closed"), Read(host, $"{NicPath}/net/enp1s0/closed"), Read(host, "/etc/alias/closed")));
        host.Remove("/etc/alias").AddLink("/etc/alias", $"{NicPath}/net/enp1s0/locked");
        Assert.Equal(13, List(host, "/etc/alias")); // a link that leads elsewhere now
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_link_that_climbs_over_the_root_stays_there_as_in_the_kernel(bool isOnDisk)
    {
        const string Climbs = "../../../../../../../../../../..";
        using var host = FakeHost.FromArchive("climbing", Changed("vtd-desktop", entry =>
        {
            if (entry.EntryType == TarEntryType.SymbolicLink && entry.Name is $"sys/bus/pci/devices/{Nic}" or "sys/class/net/enp1s0")
            {
                entry.LinkName = $"{Climbs}/sys/{entry.LinkName.Replace("../", "", StringComparison.Ordinal)}";
            }
        }));
        _ = isOnDisk ? host.Root : null;

        Assert.Equal("e1000e", host.DriverOf(Nic));
        Assert.Equal((ushort?)0x10d3, host.Open().Capture().Devices[PciAddress.Parse(Nic)].DeviceId);
        Assert.Equal(0, host.TryWrite("/sys/bus/pci/drivers/e1000e/unbind", Nic));
        Assert.Equal(2, Read(host, "/sys/class/net/enp1s0/ifindex"));
        Assert.Equal(0, host.TryWrite("/sys/bus/pci/drivers/e1000e/bind", Nic));
        Assert.Equal(0, Read(host, "/sys/class/net/enp1s0/ifindex"));
    }

    [Fact]
    public void What_is_no_archive_is_refused()
    {
        var path = Path.Combine(Path.GetTempPath(), $"passthrough-{Guid.NewGuid():N}");
        try
        {
            Assert.Throws<HostSourceException>(() => TestHost.FromArchive(path));
            File.WriteAllText(path, "00:01.0 Class 0604: 8086:1234\n00: 86 80 34 12 07 00 10 00 00 00 04 06 00 00 01 00\n");
            Assert.Throws<HostSourceException>(() => FakeHost.FromArchive(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_captured_host_is_not_described()
    {
        using var host = CapturedHosts.VtdDesktop();

        Assert.Contains("TestHost.Files", Assert.Throws<InvalidOperationException>(() => host.WithNic("0000:07:00.0")).Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing in an archive names a machine, a person or a place.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void An_archive_names_no_machine(string name)
    {
        var archive = Archive(name);
        Assert.InRange(archive.Length, 1000, 60_000);
        using var tar = new TarReader(new GZipStream(new MemoryStream(archive), CompressionMode.Decompress));
        var count = 0;
        while (tar.GetNextEntry() is { } entry)
        {
            using var content = new MemoryStream();
            entry.DataStream?.CopyTo(content);
            var text = $"{entry.Name}\n{entry.LinkName}\n{Encoding.Latin1.GetString(content.ToArray())}";
            Assert.DoesNotMatch(HardwareAddress(), text.Replace("00:00:00:00:00:00", "", StringComparison.Ordinal));
            Assert.DoesNotMatch(Identity(), text.Replace("00000000-0000-0000-0000-000000000000", "", StringComparison.Ordinal));
            Assert.False(text.Contains("52:54", StringComparison.Ordinal) || text.Contains("5054:ff", StringComparison.Ordinal), $"{entry.Name} has a hardware address");
            Assert.False(Places().IsMatch(text), $"{entry.Name} names a place of the machine that made it: {Places().Match(text).Value}");
            Assert.False(Environment.MachineName.Length > 3 && text.Contains(Environment.MachineName, StringComparison.OrdinalIgnoreCase), $"{entry.Name} names this machine");
            count++;
        }

        Assert.InRange(count, 100, 5000);
    }

    private static string Text(IPassthroughHost host, string name)
    {
        var snapshot = host.Capture(new CaptureOptions { AllDetails = true, Isolation = true });
        var guest = name == "xen-dom0" ? GuestKind.XenHvm : GuestKind.Qemu;
        return string.Join('\n',
        [
            .. snapshot.Devices.Select(device => $"{device} {device.IommuGroupId} {device.Details!.DriverOverride} {string.Join(',', device.Details.ResetMethods ?? [])}"),
            .. snapshot.Unread.Select(unread => unread.ToString()),
            .. snapshot.CheckReadiness(guest).Concat(snapshot.Devices.SelectMany(device => snapshot.CheckDevices([device.Address], guest))).SelectMany(finding => finding.Consequences.Prepend(finding))
                .Select(finding => $"{finding} {string.Join(", ", finding.Devices)} {finding.Remedy} {string.Join("; ", finding.Evidence)}".Replace(host.Source, "SOURCE", StringComparison.Ordinal)),
        ]);
    }

    // Below the NIC's interface, a file and a directory that could not be read.
    private static FakeHost Unreadable() => FakeHost.FromArchive("unreadable", Changed(
        "vtd-desktop",
        entry =>
        {
            if (entry.Name == ".passthrough/notes")
            {
                using var reader = new StreamReader(entry.DataStream!);
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes($"{reader.ReadToEnd()}errno 13 {NicPath}/net/enp1s0/closed\nerrno 13 {NicPath}/net/enp1s0/locked\n"));
            }
        },
        new GnuTarEntry(TarEntryType.RegularFile, $"{NicPath[1..]}/net/enp1s0/closed"),
        new GnuTarEntry(TarEntryType.Directory, $"{NicPath[1..]}/net/enp1s0/locked/")));

    private static MemoryStream Changed(string name, Action<TarEntry> change, params TarEntry[] more)
    {
        var changed = new MemoryStream();
        using var tar = new TarReader(new GZipStream(new MemoryStream(Archive(name)), CompressionMode.Decompress));
        using (var writer = new TarWriter(changed, TarEntryFormat.Gnu, leaveOpen: true))
        {
            while (tar.GetNextEntry(copyData: true) is { } entry)
            {
                change(entry);
                writer.WriteEntry(entry);
            }

            foreach (var entry in more)
            {
                writer.WriteEntry(entry);
            }
        }

        changed.Position = 0;
        return changed;
    }

    private static int Read(FakeHost host, string path) => host.Sysfs.TryReadAll(path, int.MaxValue, out _);

    private static int List(FakeHost host, string path) => host.Sysfs.TryList(path, []);

    private static byte[] Archive(string name)
    {
        using var stream = typeof(CapturedHosts).Assembly.GetManifestResourceStream($"{name}.tar.gz")!;
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static TestHost Of(string name) => name switch
    {
        "vtd-desktop" => CapturedHosts.VtdDesktop(),
        "amdvi-desktop" => CapturedHosts.AmdViDesktop(),
        "vtd-virtual-functions" => CapturedHosts.VtdVirtualFunctions(),
        "vtd-switched-off" => CapturedHosts.VtdSwitchedOff(),
        _ => CapturedHosts.XenDom0(),
    };

    [GeneratedRegex("(?<![0-9a-fA-F:])(?:[0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}(?![0-9a-fA-F:])")]
    private static partial Regex HardwareAddress();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")]
    private static partial Regex Identity();

    // A directory at the root that is not one of every Linux, or of the lab itself (top, devices), is one of the machine that made the archive.
    [GeneratedRegex("""(?<![\w./%-])/(?!(?:bin|boot|dev|etc|lib|lib32|lib64|libx32|media|mnt|opt|proc|root|run|sbin|srv|sys|usr|var|top|devices)/)[a-z][a-z0-9_-]*/|/home/|/tmp/|\.dockerenv""")]
    private static partial Regex Places();
}
