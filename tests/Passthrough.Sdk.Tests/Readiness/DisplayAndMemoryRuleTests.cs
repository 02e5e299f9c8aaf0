using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>The console's memory, memory that the firmware reserves, memory that may be locked, and devices without an IOMMU.</summary>
public sealed class DisplayAndMemoryRuleTests
{
    private static readonly PciAddress Gpu = PciAddress.Parse("0000:01:00.0");
    private static readonly Fact<ValueList<string>> NoBuffers = Fact.Known(ValueList.Create<string>(), "/sys/class/graphics");
    private static readonly Fact<ValueList<string>> UnknownBuffers = Fact.Unknown<ValueList<string>>("/proc/iomem", "permission denied");
    private static readonly Fact<bool> NoConsole = Fact.Known(false, "/sys/class/vtconsole");
    private static readonly Fact<bool> UnknownConsole = Fact.Unknown<bool>("/sys/class/vtconsole", "permission denied");

    [Theory]
    [InlineData(0x030000, true, true, true)]
    [InlineData(0x030000, false, true, true)]
    [InlineData(0x030000, true, false, true)]
    [InlineData(0x030000, false, false, false)]
    [InlineData(0x020000, true, true, false)]
    public void Whether_the_console_uses_a_display_cannot_be_told_where_either_place_is_closed(int code, bool isConsoleUnknown, bool areBuffersUnknown, bool said)
    {
        var usage = new DeviceUsage
        {
            BootFramebuffers = UnknownBuffers,
            IsConsole = isConsoleUnknown ? UnknownConsole : NoConsole,
            Framebuffers = areBuffersUnknown ? UnknownBuffers : NoBuffers,
        };
        var findings = Console(usage, "6.1.0", code: code);
        Assert.Equal(said, findings.Count == 1 && findings[0].IsUndetermined);
        Assert.Equal(said, findings.Count > 0);
        Assert.Empty(Console(usage with { BootFramebuffers = NoBuffers }, "6.1.0", code: code));
    }

    [Theory]
    [InlineData("5.19.17", GuestKind.Qemu, FindingSeverity.Error, FindingSeverity.Error)]
    [InlineData("6.0.0-1-amd64", GuestKind.Qemu, FindingSeverity.Warning, FindingSeverity.Warning)]
    [InlineData("6.1.0", GuestKind.Qemu, FindingSeverity.Warning, FindingSeverity.Warning)]
    [InlineData("unheard of", GuestKind.Qemu, FindingSeverity.Warning, FindingSeverity.Error)]
    [InlineData("5.19.17", GuestKind.XenPv, FindingSeverity.Warning, FindingSeverity.Warning)]
    public void Kernels_from_6_0_on_release_the_frame_buffer(string release, GuestKind guest, FindingSeverity known, FindingSeverity possible)
    {
        var held = Assert.Single(Console(new DeviceUsage { BootFramebuffers = Fact.Known(ValueList.Create("BOOTFB"), "/proc/iomem") }, release, guest));
        Assert.Equal(known, held.Severity);
        Assert.Equal(known == FindingSeverity.Error, held.Title.Contains("can't reserve", StringComparison.Ordinal));
        Assert.Equal(known == FindingSeverity.Warning, held.Title.Contains("goes dark", StringComparison.Ordinal));
        Assert.Equal(known == FindingSeverity.Error, held.Remedy.Contains("video=efifb:off", StringComparison.Ordinal));

        var unknown = Assert.Single(Console(new DeviceUsage { BootFramebuffers = UnknownBuffers, IsConsole = UnknownConsole, Framebuffers = UnknownBuffers }, release, guest));
        Assert.Equal(possible, unknown.PossibleSeverity);
    }

    [Theory]
    [InlineData("0x7b800000 0x7fffffff direct", GuestKind.Qemu, "0x000000007b800000 0x000000007fffffff direct")]
    [InlineData("0x7b800000 0x7fffffff direct", GuestKind.XenPv, null)]
    [InlineData("0x7b800000 0x7fffffff direct-relaxable", GuestKind.Qemu, null)]
    [InlineData("0xfee00000 0xfeefffff msi", GuestKind.Qemu, null)]
    public void Only_memory_that_the_firmware_wants_mapped_refuses_a_device(string region, GuestKind guest, string? evidence)
    {
        using var host = FakeHost.Create()
            .AddPciDevice("0000:01:00.0", 0x10de, 0x1b80, iommuGroup: 9).AddPciDevice("0000:02:00.0", 0x10de, 0x1b80, iommuGroup: 10)
            .AddIommuGroup(9, "DMA", "0xfee00000 0xfeefffff msi", region);
        var snapshot = PassthroughHost.At(host.Root).Capture();
        IEnumerable<Finding> Of(string address) =>
            new DeviceReservedMemory().Check(new ReadinessContext(snapshot, guest) { Addresses = [PciAddress.Parse(address)] });

        Assert.Empty(Of("0000:02:00.0"));
        Assert.Equal(evidence is null ? [] : [evidence], Of("0000:01:00.0").SelectMany(finding => finding.Evidence).Select(one => one.Value));
        Assert.All(Of("0000:01:00.0"), finding => Assert.Equal((FindingIds.DeviceReservedMemory, FindingSeverity.Error), (finding.Id, finding.Severity)));
    }

    [Theory]
    [InlineData("qemu:///session", FindingSeverity.Warning)]
    [InlineData("qemu:///system", FindingSeverity.Info)]
    [InlineData(null, FindingSeverity.Info)]
    public void Libvirts_system_daemon_raises_the_limit_and_a_session_cannot(string? uri, FindingSeverity severity)
    {
        var finding = Assert.Single(Lock(uri, Fact.Known(new ResourceLimit(8 << 20, 8 << 20), "/proc/self/limits"), User));
        Assert.Equal((FindingIds.MemoryLockLimit, severity), (finding.Id, finding.Severity));
        Assert.Contains("only 8192 KiB", finding.Title, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qemu:///session", false, true, "/proc/self/limits")]
    [InlineData("qemu:///session", true, false, "/proc/self/status")]
    [InlineData("qemu:///system", false, true, null)]
    [InlineData(null, true, false, null)]
    public void A_limit_that_cannot_be_read_matters_to_a_session_only(string? uri, bool isLimitKnown, bool isUserKnown, string? source)
    {
        var findings = Lock(
            uri,
            isLimitKnown ? Fact.Known(new ResourceLimit(65536, 65536), "/proc/self/limits") : Fact.Unknown<ResourceLimit>("/proc/self/limits", "permission denied"),
            isUserKnown ? User : Fact.Unknown<ProcessCredentials>("/proc/self/status", "permission denied"));
        Assert.Equal(source is null ? [] : [source], findings.SelectMany(finding => finding.Evidence).Select(evidence => evidence.Source));
        Assert.All(findings, finding => Assert.Equal((true, FindingSeverity.Warning), (finding.IsUndetermined, finding.PossibleSeverity)));
    }

    [Fact]
    public void The_file_that_offers_devices_without_an_IOMMU_is_named()
    {
        const string File = "/etc/modprobe.d/unsafe.conf";
        using var host = Machine.Intel.With(File, "options vfio enable_unsafe_noiommu_mode=1\n").Build();
        var snapshot = PassthroughHost.At(host.Root).Capture();
        var finding = Assert.Single(new VfioNoIommu().Check(new ReadinessContext(snapshot, GuestKind.Qemu)));
        Assert.Equal($"remove enable_unsafe_noiommu_mode ({File}) and use the IOMMU", finding.Remedy);
        Assert.Contains(finding.Evidence, evidence => evidence.Source == File);
        Assert.Empty(new VfioNoIommu().Check(new ReadinessContext(snapshot, GuestKind.XenPv)));
    }

    private static Fact<ProcessCredentials> User => Fact.Known(new ProcessCredentials(1000, [1000], 0), "/proc/self/status");

    private static List<Finding> Console(DeviceUsage usage, string release, GuestKind guest = GuestKind.Qemu, int code = 0x030000)
    {
        using var host = FakeHost.Create().AddPciDevice("0000:01:00.0", 0x10de, 0x1b80, @class: code, iommuGroup: 9);
        return [.. new DeviceIsConsole().Check(new ReadinessContext(
            Snapshot(host, new HostSystem
            {
                Kernel = new() { Release = Fact.Known(release, "/proc/sys/kernel/osrelease") },
                Usage = new HostUsage(ImmutableDictionary<PciAddress, DeviceUsage>.Empty.Add(Gpu, usage), new DeviceUsage()),
            }),
            guest) { Addresses = [Gpu] })];
    }

    private static List<Finding> Lock(string? uri, Fact<ResourceLimit> limit, Fact<ProcessCredentials> user)
    {
        using var host = FakeHost.Create();
        var system = new HostSystem { Memory = new() { LockLimit = limit, Total = Fact.Known(16L << 30, "/proc/meminfo") }, Credentials = user };
        return [.. new MemoryLock().Check(new ReadinessContext(Snapshot(host, system), GuestKind.Qemu) { Libvirt = uri is null ? null : new LibvirtFacts { Uri = uri } })];
    }

    private static HostSnapshot Snapshot(FakeHost host, HostSystem system)
    {
        var snapshot = PassthroughHost.At(host.Root).Capture();
        return new HostSnapshot(default, "/", snapshot.Devices, snapshot.IommuGroups, []) { System = system };
    }
}
