using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>No text has an empty name in it, whatever is unknown.</summary>
public sealed class FindingTextTests
{
    private const string Device = "0000:01:00.0";

    private static readonly string[] Holes = ["  ", " ,", ",,", "()", "''", "\"\"", ": ;", " ;", " :", ": :", "or ,", "and ,", "unknown ()", "( ", " )", " .", "..", "[]", "[:]", "[ ", "``", "\u2018\u2019", "{", "}", ": is ", " 0x ", "null"];

    // The library's texts name its members, the kernel's files and virsh: the sample program is not part of the package.
    private static readonly string[] Verbs =
        ["list", "show", "groups", "doctor", "explain", "plan", "assign", "release", "apply", "recover", "vf", "mdev", "boot", "hostdev", "rewrite", "capture", "watch", "persist"];

    private static readonly IReadinessRule[] Rules = [.. ReadinessRules.All];

    public static TheoryData<GuestKind, bool> Guests { get; } = new MatrixTheoryData<GuestKind, bool>(Enum.GetValues<GuestKind>(), [false, true]);

    [Theory]
    [MemberData(nameof(Guests))]
    public void Nothing_was_captured(GuestKind guest, bool libvirt)
    {
        foreach (var device in Captured(CaptureOptions.DevicesOnly))
        {
            HasNoHoles(new ReadinessContext(device, guest) { Addresses = [PciAddress.Parse(Device), PciAddress.Parse("0000:09:00.0")], Libvirt = libvirt ? new LibvirtFacts { Uri = "qemu:///session" } : null });
            HasNoHoles(new ReadinessContext(device, guest) { Libvirt = libvirt ? new LibvirtFacts { Uri = "qemu:///session" } : null });
        }
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public void Everything_is_unknown_or_absent(GuestKind guest, bool libvirt)
    {
        var denied = new MemorySysfs().Deny("/").Deny("/proc").Deny("/sys").Deny("/dev").Deny("/etc").Deny("/usr").Deny("/boot").Deny("/lib");
        foreach (var system in new[] { HostSystemReader.Read(denied, withHandles: true), HostSystemReader.Read(new MemorySysfs(), withHandles: true), HostSystemReader.Read(new UnknownSysfs(), withHandles: true) })
        {
            foreach (var snapshot in Captured(CaptureOptions.DevicesOnly))
            {
                var seen = new HostSnapshot(default, "/", snapshot.Devices, snapshot.IommuGroups, []) { System = system };
                HasNoHoles(new ReadinessContext(seen, guest) { Addresses = [PciAddress.Parse(Device)], Libvirt = libvirt ? new LibvirtFacts { Uri = "qemu:///session" } : null });
                HasNoHoles(new ReadinessContext(seen, guest));
            }
        }
    }

    [Theory]
    [InlineData("/proc/cmdline")]
    [InlineData("/proc/sys/kernel/osrelease")]
    [InlineData("/proc/cpuinfo")]
    [InlineData("/proc/modules")]
    [InlineData("/proc/meminfo")]
    [InlineData("/proc/self/status")]
    [InlineData("/proc/self/limits")]
    [InlineData("/proc/interrupts")]
    [InlineData("/sys/firmware/acpi/tables")]
    [InlineData("/sys/kernel/iommu_groups")]
    [InlineData("/sys/class/iommu")]
    [InlineData("/dev/vfio/vfio")]
    [InlineData("/dev/kvm")]
    [InlineData("/etc/modprobe.d")]
    [InlineData("/etc/passwd")]
    [InlineData("/usr/bin")]
    public void One_source_is_closed(string path)
    {
        foreach (var guest in Enum.GetValues<GuestKind>())
        {
            HasNoHoles(new ReadinessContext(MemoryHost.InOrder().Deny(path).Snapshot(), guest) { Libvirt = new LibvirtFacts { Uri = "qemu:///session" } });
        }
    }

    [Fact]
    public void The_finder_of_holes_finds_them() =>
        Assert.All((string[])["cannot tell whether:  is unknown", "run as a user who can read , or include it in the capture", "unknown ()"], text => Assert.True(HasHole(text), text));

    private static IEnumerable<HostSnapshot> Captured(CaptureOptions options)
    {
        using var alone = FakeHost.Create().AddPciDevice(Device, @class: 0x030000);
        using var grouped = FakeHost.Create().AddPciDevice(Device, @class: 0x030000, driver: "nouveau", iommuGroup: 1).AddPciDevice("0000:01:00.1", driver: "snd_hda_intel", iommuGroup: 1);
        using var dead = FakeHost.Create().AddDirectory($"/sys/bus/pci/devices/{Device}");
        return [.. new[] { alone, grouped, dead }.Select(host => PassthroughHost.At(host.Root).Capture(options with { AllDetails = true }))];
    }

    private static void HasNoHoles(ReadinessContext context)
    {
        var findings = Rules.SelectMany(rule => rule.Check(context)).ToList();
        foreach (var finding in findings)
        {
            Assert.All((string[])[finding.Title, finding.Remedy, .. finding.Evidence.SelectMany(evidence => new[] { evidence.Source, $"is {evidence.Value}" })], text =>
            {
                Assert.True(WhatIsWrong(text) is null, $"{finding.Id}: {WhatIsWrong(text)}: '{text}'");
            });
        }
    }

    /// <summary>What is wrong with a text that people read; null where nothing is.</summary>
    internal static string? WhatIsWrong(string text) =>
        text.Length == 0 ? "it is empty"
        : HasHole(text) ? "it has a hole"
        : Verbs.FirstOrDefault(verb => text.Contains($"passthrough {verb}", StringComparison.Ordinal)) is { } verb ? $"it names the sample program ({verb})"
        : null;

    private static bool HasHole(string text) => HasHoleOf(text.Replace(".../", "PATH/", StringComparison.Ordinal).Replace("...", "WORD", StringComparison.Ordinal));

    private static bool HasHoleOf(string text) => Holes.Any(hole => text.Contains(hole, StringComparison.Ordinal)) || text.Trim() != text || text[^1] is ',' or ':' or ';';
}
