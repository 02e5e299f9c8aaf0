using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Plans.Journal;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Sysfs;

namespace Passthrough.Sdk.Tests.Drivers;

public sealed class VirtualFunctionTests : IDisposable
{
    private static readonly PciAddress Physical = PciAddress.Parse("0000:02:00.0");
    private static readonly PciAddress First = PciAddress.Parse("0000:02:00.1");

    private readonly FakeHost _fake = FakeHost.Create().AddPciDevice("0000:02:00.0", 0x1b36, 0x0010, driver: "nvme");

    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");

    public void Dispose()
    {
        _fake.Dispose();
        _journal.Delete(recursive: true);
    }

    [Theory]
    [InlineData(0, 2, "2")]
    [InlineData(2, 0, "0")]
    [InlineData(2, 4, "0 4")]
    [InlineData(3, 3, "")]
    public async Task A_number_is_changed_from_and_to_0_only(int before, int after, string written)
    {
        var kernel = new Kernel(before);

        await Apply(kernel, before, after);

        Assert.Equal(written, string.Join(' ', kernel.Written));
        Assert.Empty(Entries);
    }

    [Theory]
    [InlineData(Errno.OutOfRange, "ERANGE")]
    [InlineData(Errno.NoMemory, "pci=realloc")]
    [InlineData(Errno.NoSpace, "request fewer")]
    [InlineData(Errno.NotFound, "no driver")]
    [InlineData(Errno.AccessDenied, "run as root")]
    [InlineData(Errno.TimedOut, "still in progress")]
    public async Task What_the_kernel_refuses_is_explained(int errno, string named)
    {
        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(new Kernel(0) { Refuse = value => value == 2 ? errno : Errno.Success }, 0, 2));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("0000:02:00.0", error.Message, StringComparison.Ordinal);
        Assert.False(Assert.IsType<VirtualFunctionException>(error.InnerException).IsRefused);
    }

    [Fact]
    public async Task What_was_there_before_comes_back_when_the_second_write_fails()
    {
        var kernel = new Kernel(2) { Refuse = value => value == 4 ? Errno.NoMemory : Errno.Success };

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(kernel, 2, 4));

        Assert.Empty(error.NotUndone);
        Assert.Contains("every change was undone", error.Message, StringComparison.Ordinal);
        Assert.Equal(["0", "4", "2"], kernel.Written);
        Assert.Empty(Entries);
    }

    [Fact]
    public async Task What_cannot_come_back_is_named_and_its_entry_stays_until_recovery_brings_it_back()
    {
        var fails = true;
        var kernel = new Kernel(2) { Refuse = value => value != 0 && fails ? Errno.NoMemory : Errno.Success };

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(kernel, 2, 4));

        Assert.NotEmpty(error.NotUndone);
        Assert.Single(Entries);
        await Assert.ThrowsAsync<PlanRefusedException>(() => Apply(kernel, 0, 1)); // nothing new begins on top of it
        fails = false;
        var recovered = Assert.Single(await Recover(kernel));
        Assert.True(recovered.IsComplete, recovered.Problem ?? string.Join(' ', recovered.NotUndone));
        Assert.Equal(PlanKind.VirtualFunctions, recovered.Kind);
        Assert.Equal(2, kernel.Count);
        Assert.Empty(Entries);
    }

    [Theory]
    [InlineData(1, 0, 2)] // between the two writes
    [InlineData(1, 2, 2)] // before the first
    [InlineData(2, 4, 4)] // after the last: the plan had come to its end
    public async Task A_program_that_was_killed_leaves_what_recovery_settles(int begun, int now, int expected)
    {
        var kernel = new Kernel(2) { Killed = begun };
        await Assert.ThrowsAsync<KilledException>(() => Apply(kernel, 2, 4));
        var after = new Kernel(now);

        var recovered = Assert.Single(await Recover(after));

        Assert.True(recovered.IsComplete, recovered.Problem ?? string.Join(' ', recovered.NotUndone));
        Assert.Equal(expected, after.Count);
        Assert.Empty(await Recover(after));
    }

    [Fact]
    public async Task An_entry_of_a_version_that_did_not_know_the_newer_fields_is_settled_too()
    {
        await Assert.ThrowsAsync<KilledException>(() => Apply(new Kernel(2) { Killed = 1 }, 2, 4));
        var file = Assert.Single(Entries);
        var entry = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!.AsObject();
        foreach (var newer in (string[])["format", "identities", "liveBefore", "controllers", "changes", "parts", "accepted"])
        {
            entry.Remove(newer);
        }

        foreach (var newer in (string[])["settings", "settingsBefore", "probes", "probesBefore"])
        {
            entry["virtualFunctions"]!.AsObject().Remove(newer);
        }

        await File.WriteAllTextAsync(file, entry.ToJsonString(), TestContext.Current.CancellationToken);
        var after = new Kernel(0);

        var recovered = Assert.Single(await Recover(after));

        Assert.True(recovered.IsComplete, recovered.Problem ?? string.Join(' ', recovered.NotUndone));
        Assert.Equal(2, after.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_write_that_comes_to_its_end_after_the_plan_has_failed_is_taken_back_unless_a_guard_refuses_it(bool isUsed)
    {
        // The kernel does not answer in time: nobody knows what it will have done.
        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => Apply(new Kernel(2) { Refuse = value => value == 4 ? Errno.TimedOut : Errno.Success }, 2, 4));
        Assert.Contains("still in progress", failure.NotUndone[0].Reason, StringComparison.Ordinal);
        var after = new Kernel(4); // it has

        var recovered = Assert.Single(await Recover(after, isUsed ? [FindingFactory.OfHost(FindingIds.DeviceInUseByDomain, FindingSeverity.Error, "0000:02:00.1 is in vm1", "release it")] : []));

        Assert.Equal(!isUsed, recovered.IsComplete);
        Assert.Equal(isUsed ? 4 : 2, after.Count);
        Assert.Equal(isUsed ? "" : "0 2", string.Join(' ', after.Written));
    }

    [Fact]
    public async Task What_somebody_else_made_meanwhile_is_left_alone()
    {
        await Assert.ThrowsAsync<KilledException>(() => Apply(new Kernel(2) { Killed = 1 }, 2, 4));
        var after = new Kernel(3);

        var recovered = Assert.Single(await Recover(after));

        Assert.False(recovered.IsComplete);
        Assert.Contains("another program", Assert.Single(recovered.NotUndone).Reason, StringComparison.Ordinal);
        Assert.Equal(3, after.Count);
        Assert.Empty(after.Written);
    }

    [Fact]
    public async Task After_another_boot_nothing_is_written()
    {
        await Assert.ThrowsAsync<KilledException>(() => Apply(new Kernel(2) { Killed = 1 }, 2, 4));
        var after = new Kernel(0) { BootId = "another" };

        Assert.True(Assert.Single(await Recover(after)).IsComplete);

        Assert.Empty(after.Written);
    }

    [Fact]
    public async Task A_write_that_does_nothing_is_noticed() =>
        Assert.Contains("has 0 virtual functions, but 2 were requested", (await Assert.ThrowsAsync<PlanFailedException>(() => Apply(new Kernel(0) { IsDeaf = true }, 0, 2))).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Another_number_than_when_the_plan_was_made_makes_it_stale() =>
        await Assert.ThrowsAsync<StalePlanException>(() => Apply(new Kernel(1), 2, 4));

    [Fact]
    public void A_function_without_SR_IOV_too_many_and_a_virtual_one_are_refused()
    {
        Assert.Contains("does not support SR-IOV", Assert.Throws<VirtualFunctionException>(() => Plan(1)).Message, StringComparison.Ordinal);
        WithFunctions(total: 4, now: 1);
        var error = Assert.Throws<VirtualFunctionException>(() => Plan(5));
        Assert.True(error.IsRefused);
        Assert.Contains("at most 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("0000:02:00.0", Assert.Throws<VirtualFunctionException>(() => Plan(1, First)).Message, StringComparison.Ordinal);
        Assert.Throws<DeviceNotFoundException>(() => Plan(1, PciAddress.Parse("0000:09:00.0")));
    }

    [Fact]
    public void A_virtual_function_that_a_domain_owns_refuses_its_going()
    {
        WithFunctions(total: 4, now: 1);
        var libvirt = new LibvirtFacts { Uri = "qemu:///system", Owners = ImmutableDictionary<PciAddress, string>.Empty.Add(First, "vm1") };

        var plan = Plan(2, libvirt: libvirt);

        Assert.True(plan.IsRefused);
        Assert.Equal(FindingIds.DeviceInUseByDomain, plan.Findings[0].Id);
        Assert.Equal([First], plan.Leaving);
        Assert.Equal([0, 2], plan.Writes);
        Assert.Throws<PlanRefusedException>(() => { _ = plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken); });
        Assert.False(Plan(1, libvirt: libvirt).IsRefused);
    }

    [Theory]
    [InlineData(4, "0000:02:00.0 0000:02:00.2 0000:02:00.4 0000:02:00.3")]
    [InlineData(1, "0000:02:00.0 0000:02:00.2 0000:02:00.4")]
    public void Existing_functions_are_blocked_where_the_host_lists_them_and_others_where_they_will_be(int count, string blocked)
    {
        // A computed address of a function that exists elsewhere would be that of a neighbour, and block plans for it.
        _fake.AddPciDevice("0000:02:00.2", 0x1b36, 0x0010, physicalFunction: "0000:02:00.0").AddPciDevice("0000:02:00.4", 0x1b36, 0x0010, physicalFunction: "0000:02:00.0")
            .AddPciDevice("0000:02:00.1", 0x8086, 0x293e)
            .WriteAttribute("0000:02:00.0", "sriov_totalvfs", "8\n").WriteAttribute("0000:02:00.0", "sriov_numvfs", "2\n")
            .WriteAttribute("0000:02:00.0", "sriov_offset", "1\n").WriteAttribute("0000:02:00.0", "sriov_stride", "1\n");

        Assert.Equal(blocked, string.Join(' ', Plan(count).Devices));
    }

    [Fact]
    public void A_virtual_function_in_a_definition_refuses_its_going_and_not_its_return()
    {
        WithFunctions(total: 4, now: 1);
        var libvirt = new LibvirtFacts { Uri = "qemu:///system", Uses = [new() { Domain = "off", Device = First, IsRunning = false, Form = HostUseForm.Hostdev }] };

        var plan = Plan(0, libvirt: libvirt);

        Assert.True(plan.IsRefused);
        Assert.Equal(FindingIds.VirtualFunctionInDefinition, plan.Findings[0].Id);
        Assert.Contains("off", plan.Findings[0].Title, StringComparison.Ordinal);
        Assert.DoesNotContain(Plan(2, libvirt: libvirt).Findings, finding => finding.Id == FindingIds.VirtualFunctionInDefinition);
    }

    [Theory]
    [InlineData("vfio-pci", null, "the driver vfio-pci")]
    [InlineData(null, "vfio-pci", "driver_override vfio-pci")]
    [InlineData("nvme", null, null)]
    public void A_virtual_function_that_comes_back_without_its_driver_refuses_the_change(string? driver, string? reserved, string? lost)
    {
        WithFunctions(total: 4, now: 1, driver);
        _fake.WriteAttribute("0000:02:00.1", "driver_override", $"{reserved ?? "(null)"}\n");

        var plan = Plan(2);

        Assert.True(lost is null || plan.IsRefused);
        Assert.Equal(lost is null ? [] : [FindingIds.VirtualFunctionSettingsLost], plan.Findings.Where(finding => !finding.IsUndetermined).Select(finding => finding.Id));
        Assert.Contains(lost ?? "", string.Join(' ', plan.Findings.Select(finding => finding.Title)), StringComparison.Ordinal);
        Assert.DoesNotContain(Plan(0).Findings, finding => finding.Id == FindingIds.VirtualFunctionSettingsLost); // it is meant to go
    }

    [Fact]
    public void A_libvirt_that_does_not_answer_is_not_one_without_domains()
    {
        WithFunctions(total: 4, now: 1);
        var libvirt = new LibvirtFacts
        {
            Uri = "qemu:///system",
            Version = Fact.Unknown<Version>("virConnectOpen", "no answer"),
            Error = new("no answer", LibvirtErrorCode.Rpc, LibvirtErrorDomain.Rpc, "no answer"),
        };

        var plan = Plan(0, libvirt: libvirt);

        Assert.True(plan.IsRefused);
        Assert.Contains(plan.Findings, finding => finding is { Id: FindingIds.DeviceInUseByDomain, IsUndetermined: true });
    }

    [Fact]
    public void Only_the_local_host_is_acted_upon() =>
        Assert.Throws<HostNotLocalException>(() => PassthroughHost.At(_fake.Root).PlanVirtualFunctions(Physical, 1));

    private string[] Entries => Directory.GetFiles(_journal.FullName, "*.json");

    private Task Apply(Kernel kernel, int before, int count)
    {
        using var fake = FakeHost.Create().AddPciDevice("0000:02:00.0", 0x1b36, 0x0010, driver: "nvme");
        for (var i = 1; i <= before; i++)
        {
            fake.AddPciDevice($"0000:02:00.{i}", 0x1b36, 0x0010, physicalFunction: "0000:02:00.0");
        }

        fake.WriteAttribute("0000:02:00.0", "sriov_totalvfs", "8\n").WriteAttribute("0000:02:00.0", "sriov_numvfs", $"{before}\n");
        var options = new PlanOptions { JournalDirectory = _journal.FullName };
        var snapshot = PassthroughHost.At(fake.Root).Capture(new CaptureOptions { DetailsOf = [Physical] });
        var plan = new VirtualFunctionPlan(snapshot.Devices[Physical], new() { Count = count }, VirtualFunctionsNow.Unknown, [], [], (plan, progress, token) => new PlanEngine(options, TimeProvider.System, NullLogger.Instance)
            .ApplyAsync(plan, new KilledWork(new VirtualFunctionWork(plan, kernel, null, () => [], options, TimeProvider.System, NullLogger.Instance), kernel.Killed), progress, token));
        return plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
    }

    private async Task<ValueList<PlanRecovery>> Recover(Kernel kernel, params ValueList<Finding> findings)
    {
        var options = new PlanOptions { JournalDirectory = _journal.FullName };
        using var journal = await PlanJournal.OpenAsync(options.JournalDirectory, options.JournalTimeout, TimeProvider.System, TestContext.Current.CancellationToken);
        return await new JournalRecovery(journal, [new VirtualFunctionRecovery(kernel, _ => findings, options, TimeProvider.System, NullLogger.Instance)], NullLogger.Instance)
            .RunAsync(TestContext.Current.CancellationToken);
    }

    private VirtualFunctionPlan Plan(int count, PciAddress? function = null, LibvirtFacts? libvirt = null)
    {
        var address = function ?? Physical;
        var snapshot = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { DetailsOf = [address, First] });
        return VirtualFunctionPlanner.Plan(snapshot, address, new() { Count = count }, libvirt, [], _ => [], (_, _, _) => throw new InvalidOperationException("not to be applied"));
    }

    private void WithFunctions(int total, int now, string? driver = null) => _fake
        .AddPciDevice("0000:02:00.1", 0x1b36, 0x0010, driver: driver, physicalFunction: "0000:02:00.0")
        .WriteAttribute("0000:02:00.0", "sriov_totalvfs", $"{total}\n").WriteAttribute("0000:02:00.0", "sriov_numvfs", $"{now}\n");

    /// <summary>Does with <c>sriov_numvfs</c> what the kernel does.</summary>
    private sealed class Kernel(int count) : DelegatingSysfs(new UnknownSysfs())
    {
        private int _count = count;

        public int Count => _count;

        public string BootId { get; init; } = "one";

        /// <summary>The step in which the program ends; 0: it does not.</summary>
        public int Killed { get; init; }

        public Func<int, int> Refuse { get; init; } = _ => Errno.Success;

        public bool IsDeaf { get; init; }

        public List<string> Written { get; } = [];

        public override int TryRead(string path, Span<byte> buffer, out int length) =>
            Encoding.UTF8.TryGetBytes($"{_count}\n", buffer, out length) && path.EndsWith("/sriov_numvfs", StringComparison.Ordinal) ? Errno.Success : Errno.NotFound;

        public override int TryReadAll(string path, int limit, out byte[] content)
        {
            content = path == "/proc/sys/kernel/random/boot_id" ? Encoding.UTF8.GetBytes(BootId) : [];
            return content.Length > 0 ? Errno.Success : Errno.NotFound;
        }

        public override int TryReadLink(string path, out string target)
        {
            var index = int.Parse(path[(path.LastIndexOf("virtfn", StringComparison.Ordinal) + 6)..], CultureInfo.InvariantCulture);
            target = $"../0000:02:00.{index + 1}";
            return index < _count ? Errno.Success : Errno.NotFound;
        }

        public override int TryWrite(string path, ReadOnlySpan<byte> content)
        {
            var text = Encoding.UTF8.GetString(content);
            Written.Add(text);
            var value = int.Parse(text, CultureInfo.InvariantCulture);
            if (_count > 0 && value > 0)
            {
                return Errno.Busy;
            }

            var errno = Refuse(value);
            _count = errno == Errno.Success && !IsDeaf ? value : _count;
            return errno;
        }
    }

    private sealed class KilledException : Exception;

    /// <summary>The work of a program that ends in a step: nothing is done after its intent, and nothing is taken back.</summary>
    private sealed class KilledWork(IPlanWork work, int killed) : IPlanWork
    {
        public string Name => work.Name;

        public PlanSubject Subject => work.Subject;

        public JournalEntry Describe(string id, DateTimeOffset now) => work.Describe(id, now);

        public bool Takes(PlanStep step) => work.Takes(step);

        public JournalEntry Mark(JournalEntry entry) => work.Mark(entry);

        public void Begun(JournalEntry entry) => work.Begun(entry);

        public Task DoAsync(PlanStep step, CancellationToken cancellationToken) => step.Number == killed ? throw new KilledException() : work.DoAsync(step, cancellationToken);

        public bool MayStillHappen(PlanStep step, Exception error) => work.MayStillHappen(step, error);

        public Task<ValueList<StepNotUndone>> UndoAsync(PlanJournal journal, JournalEntry entry, IProgress<PlanProgress>? progress)
        {
            if (killed == 0)
            {
                return work.UndoAsync(journal, entry, progress);
            }

            journal.Write(entry with { HasFailed = false }); // a program that is killed marks nothing
            throw new KilledException();
        }

        public void Done() => work.Done();
    }
}
