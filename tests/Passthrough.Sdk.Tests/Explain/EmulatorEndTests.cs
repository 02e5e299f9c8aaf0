using System.Collections.Immutable;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>libvirt only says that the emulator is gone: the kernel knows who ended it, and who has what it was refused.</summary>
public sealed class EmulatorEndTests : IDisposable
{
    private const string Closed = "error: internal error: qemu unexpectedly closed the monitor";
    private const string ByLimit = "Memory cgroup out of memory: Killed process 485 (qemu-system-x86) total-vm:857048kB";
    private const string ByHost = "Out of memory: Killed process 485 (qemu-system-x86) total-vm:857048kB";

    // The last start in the log of Hosts.Log.
    private static readonly DateTimeOffset Started = new(2026, 11, 24, 10, 0, 0, TimeSpan.Zero);

    private readonly Passthrough.Sdk.Testing.FakeHost _host = Hosts.Healthy();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(ByLimit, FindingIds.MemoryLockLimit, "control group")]
    [InlineData("oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=emulator,oom_memcg=/machine/qemu-7-vm1.libvirt-qemu,task=qemu-system-x86,pid=485,uid=0", FindingIds.MemoryLockLimit, "control group")]
    [InlineData(ByHost, FindingIds.DomainEmulatorDied, "memory ran out")]
    public void The_kernels_log_says_who_ended_the_emulator(string line, string id, string title)
    {
        var cause = Explain($"[  163.55] {line}").Cause!;
        Assert.Equal(id, cause.Id);
        Assert.Contains(title, cause.Title, StringComparison.Ordinal);
        Assert.Contains(cause.Evidence, evidence => evidence == new Evidence("/dev/kmsg", line));
        Assert.Equal(id != FindingIds.DomainEmulatorDied, cause.Consequences.Any(below => below.Id == FindingIds.DomainEmulatorDied));
    }

    [Theory]
    [InlineData(ByLimit, FindingIds.MemoryLockLimit)]
    [InlineData(ByHost, FindingIds.DomainEmulatorDied)]
    public void Its_line_is_an_error_to_be_explained_like_any_other(string line, string id) =>
        Assert.Equal(id, PassthroughHost.At(_host.Root).Capture().Explain($"Nov 25 14:43:44 lab kernel: {line}").Cause!.Id);

    [Theory]
    [InlineData(-60, false)]
    [InlineData(+5, true)]
    public void What_ended_an_emulator_before_this_start_did_not_end_this_one(int seconds, bool counts)
    {
        var cause = Explain($"[  100.000000] {ByLimit}", bootedAt: Started.AddSeconds(seconds - 100)).Cause!;
        Assert.Equal(counts ? FindingIds.MemoryLockLimit : FindingIds.DomainEmulatorDied, cause.Id);
        Assert.Equal(counts, cause.Evidence.Any(evidence => evidence.Value == ByLimit));
    }

    [Theory]
    [InlineData(ByLimit, FindingIds.MemoryLockLimit)]
    [InlineData(ByHost, FindingIds.DomainEmulatorDied)]
    public void What_ended_some_emulator_is_one_possibility_where_nothing_says_when_this_one_was_started(string line, string id)
    {
        var findings = Explain($"[  100.000000] {line}", hasLog: false).Findings;
        Assert.Equal(FindingIds.DomainEmulatorDied, findings[0].Id);
        Assert.DoesNotContain(findings[0].Evidence, evidence => evidence.Value == line);
        var perhaps = Assert.Single(findings, finding => finding.Evidence.Any(evidence => evidence.Value == line));
        Assert.Equal(id, perhaps.Id);
        Assert.True(perhaps.IsUndetermined);
    }

    [Fact]
    public void A_hard_limit_in_the_definition_and_the_kernels_line_are_evidence_together()
    {
        const string Xml = "<domain type='qemu'><name>vm1</name><memory unit='MiB'>64</memory><memtune><hard_limit unit='MiB'>48</hard_limit></memtune></domain>";
        var cause = Explain($"[  100.000000] {ByLimit}", xml: Xml).Cause!;
        Assert.Equal(FindingIds.MemoryLockLimit, cause.Id);
        Assert.Contains(cause.Evidence, evidence => evidence.Value.StartsWith("hard_limit 50331648 bytes", StringComparison.Ordinal));
        Assert.Contains(cause.Evidence, evidence => evidence.Value == ByLimit);
    }

    [Fact]
    public void Whoever_has_the_group_open_is_evidence_that_it_is_busy()
    {
        var nic = PciAddress.Parse("0000:01:00.0");
        var handle = new OpenHandle(77, "sleep", "/dev/vfio/9");
        var snapshot = PassthroughHost.At(_host.Root).Capture();
        var usage = new HostUsage(ImmutableDictionary<PciAddress, DeviceUsage>.Empty.Add(nic, new() { OpenHandles = Fact.Known(ValueList.Create(handle), "/proc/*/fd") }), new());
        var explanation = Snapshots.With(snapshot, snapshot.System with { Usage = usage }).Explain("vfio 0000:01:00.0: failed to open /dev/vfio/9: Device or resource busy");
        Assert.Equal(FindingIds.GroupBusy, explanation.Cause!.Id);
        Assert.Contains(new Evidence("/proc/77/fd", "sleep (77) has /dev/vfio/9 open"), explanation.Cause.Evidence);
    }

    private Explanation Explain(string kernelLog, DateTimeOffset? bootedAt = null, string? xml = null, bool hasLog = true)
    {
        var snapshot = PassthroughHost.At(_host.Root).Capture();
        var kernel = snapshot.System.Kernel with { Log = Fact.Known(KernelLog.Parse(kernelLog), "/dev/kmsg") };
        if (bootedAt is { } time)
        {
            kernel = kernel with { StartedAt = Fact.Known(time, "/proc/stat") };
        }

        return Snapshots.With(snapshot, snapshot.System with { Kernel = kernel }).Explain(new PassthroughError { Text = Closed }, new() { DomainLog = hasLog ? Hosts.Log() : null, DomainXml = xml });
    }
}
