using System.Collections.Immutable;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Readiness;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>
/// doctor and explain do not disagree on one host: what explain establishes by the facts, and a rule looks for, that rule finds; and an
/// error of libvirt that every reason of a host can be behind is explained by the one that doctor finds.
/// </summary>
public sealed class AgreementTests
{
    private const string HostCannot = "error: unsupported configuration: host doesn't support passthrough of host PCI devices";

    private static readonly ImmutableHashSet<string> OfRules =
        [.. ReadinessRules.All.SelectMany(rule => rule.Describes).Select(description => description.Id)];

    // libvirt says the sentence before it looks at anything else: only what keeps the IOMMU or VFIO's node away is behind it.
    private static readonly string[] BehindTheSentence =
    [
        FindingIds.IommuFirmwareTableMissing, FindingIds.IommuRebootPending, FindingIds.IommuDisabledByKernelParameter, FindingIds.IommuNotEnabledByKernel,
        FindingIds.IommuParameterForOtherVendor, FindingIds.IommuInactive, FindingIds.VfioModuleBlacklisted, FindingIds.VfioModuleUnavailable,
        FindingIds.VfioModuleNotLoaded, FindingIds.VfioNodeMissing,
    ];

    private static readonly string[] Sentences =
    [
        HostCannot,
        "error: Failed to load PCI stub module vfio-pci",
        "error: internal error: Failed to load PCI driver module vfio-pci: administratively prohibited",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: failed to setup container for group 9: failed to open /dev/vfio/vfio: No such file or directory",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: no iommu_group found: No such file or directory",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: failed to setup container for group 9: Failed to set iommu for container: Operation not permitted",
        "qemu-system-x86_64: -device vfio-pci,host=0000:01:00.0: vfio 0000:01:00.0: group 9 is not viable",
    ];

    public static TheoryData<string> Machines { get; } = [.. HostMatrixTests.Machines.Select(machine => machine.Name)];

    public static TheoryData<string> Faults { get; } =
    [
        nameof(Hosts.Healthy), nameof(Hosts.WithoutTable), nameof(Hosts.SwitchedOff), nameof(Hosts.NotSwitchedOn), nameof(Hosts.RebootOwed),
        nameof(Hosts.WithoutModule), nameof(Hosts.Blacklisted), nameof(Hosts.WithoutRemapping), nameof(Hosts.WithReservedMemory),
    ];

    [Theory]
    [MemberData(nameof(Machines))]
    public void On_every_machine_of_the_matrix(string name)
    {
        using var host = HostMatrixTests.Machines.First(machine => machine.Name == name).Machine.Build();
        Agree(Capture(host.Root));
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void On_every_host_of_the_explanations(string name)
    {
        using var host = (FakeHost)typeof(Hosts).GetMethod(name)!.Invoke(null, null)!;
        Agree(Capture(host.Root));
    }

    [Fact]
    public void In_every_row_of_the_table_of_faults_that_the_lab_made()
    {
        var rows = File.ReadLines(Repository.PathOf("docs/faults.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(2).Select(line => line.Split(" | ")).ToList();
        Assert.True(rows.Count > 40);
        foreach (var row in rows)
        {
            var (doctor, explanation) = (Id(row[^3]), Id(row[^1]));
            if (doctor is not null && explanation is not null && !row[^1].Contains('?', StringComparison.Ordinal) && OfRules.Contains(explanation))
            {
                Assert.True(doctor == explanation, string.Join(" | ", row));
            }
        }
    }

    [Fact]
    public void On_every_case_beside_the_checkout()
    {
        var texts = ReportedCases.All().Where(folder => File.Exists(Path.Combine(folder, "root.tar.gz"))).SelectMany(folder => Directory.GetFiles(folder, "*.txt"), (folder, text) => (folder, text)).ToList();
        if (texts.Count == 0)
        {
            Assert.Skip("no cases: expected in shared/cases beside the checkout");
        }

        foreach (var (folder, text) in texts)
        {
            var snapshot = Capture(Path.Combine(folder, "root.tar.gz"));
            var explanation = snapshot.Explain(File.ReadAllText(text));
            Agree(snapshot, explanation, $"{Path.GetFileName(folder)}/{Path.GetFileName(text)}");
        }
    }

    private static void Agree(HostSnapshot snapshot)
    {
        // The message that names a group is of a host that has it.
        foreach (var sentence in Sentences.Where(sentence => !sentence.Contains("group 9 is not viable", StringComparison.Ordinal) || snapshot.IommuGroups.Any(group => group.Id == 9)))
        {
            Agree(snapshot, snapshot.Explain(sentence), sentence);
        }

        var report = snapshot.CheckReadiness(GuestKind.Qemu);
        if (report.FirstOrDefault(finding => finding.Severity == FindingSeverity.Error && BehindTheSentence.Contains(finding.Id)) is { } first && !snapshot.System.Environment.Xen.IsDom0.Value)
        {
            var cause = snapshot.Explain(HostCannot).Cause!;
            Assert.Equal((first.Id, false), (cause.Id, cause.IsUndetermined));
        }
    }

    // What the text alone tells (another process has the group open) no rule can know beforehand; what it says of the host a rule must find.
    private static void Agree(HostSnapshot snapshot, Explanation explanation, string text)
    {
        // What QEMU says is of a guest of QEMU, also in a dom0 of Xen.
        var report = snapshot.CheckDevices(explanation.Devices).Concat(snapshot.CheckDevices(explanation.Devices, GuestKind.Qemu));
        var found = report.SelectMany(finding => finding.Consequences.Prepend(finding)).Where(finding => !finding.IsUndetermined).Select(finding => finding.Id)
            .Concat(snapshot.IommuGroups.SelectMany(group => snapshot.CheckGroup(group)).Select(finding => finding.Id)).ToHashSet();
        foreach (var cause in explanation.Findings.Where(cause => cause is { IsUndetermined: false, Severity: FindingSeverity.Error } && OfRules.Contains(cause.Id)))
        {
            Assert.True(found.Contains(cause.Id), $"{text}: explain says {cause}, doctor says {string.Join(", ", found)}");
        }
    }

    private static HostSnapshot Capture(string root) => PassthroughHost.At(root).Capture(new CaptureOptions { AllDetails = true, Isolation = true, OpenHandles = true });

    private static string? Id(string cell) => cell.Split('`') is [_, var id, ..] ? id : null;
}
