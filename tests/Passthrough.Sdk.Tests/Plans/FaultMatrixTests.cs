using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>
/// Every write to the kernel and every call of libvirt that a plan of any kind makes is made to fail in turn, in every way: afterwards
/// the host is exactly as before. The output names the number of cases.
/// </summary>
public sealed class FaultMatrixTests
{
    private const string First = "0000:01:00.0";
    private const string Second = "0000:01:00.1";
    private const string Physical = "0000:02:00.0";

    private static readonly ValueList<PciAddress> Both = [PciAddress.Parse(First), PciAddress.Parse(Second)];

    private static readonly PciAddress Third = PciAddress.Parse("0000:03:00.0");

    private const int AtOnce = 8;

    private static readonly Guid Uuid = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");

    private static readonly PlanOptions Fast = new()
    {
        DriverTimeout = TimeSpan.FromMilliseconds(150),
        LibvirtTimeout = TimeSpan.FromSeconds(4), // a capture on a busy machine takes a moment, too
        UndoTimeout = TimeSpan.FromMilliseconds(150),
        UnplugTimeout = TimeSpan.FromMilliseconds(150),
        ResetTimeout = TimeSpan.FromMilliseconds(150),
        VirtualFunctionTimeout = TimeSpan.FromMilliseconds(150),
        MediatedDeviceTimeout = TimeSpan.FromMilliseconds(150),
    };

    /// <summary>How an action fails: once with an errno, from then on with an errno, or by not returning.</summary>
    public enum Fault
    {
        /// <summary>EIO, once.</summary>
        Io = 5,

        /// <summary>EPERM, once.</summary>
        NotPermitted = 1,

        /// <summary>EBUSY, once.</summary>
        Busy = 16,

        /// <summary>ENOSPC, once.</summary>
        NoSpace = 28,

        /// <summary>EIO for this and every later action, until recovery.</summary>
        Broken = 1000,

        /// <summary>It takes effect only after its deadline, when the plan has given up.</summary>
        Late = 1001,
    }

    public static TheoryData<string> Kinds => [.. Plans.Keys];

    private static AssignmentRequest Pair { get; } = new(Both);

    private static AssignmentRequest Card { get; } = new(Both[1]) { WholeCards = true };

    private static AssignmentRequest Unmanaged { get; } = new(Both) { IsManaged = false };

    /// <summary>Parts of every kind that writes to the kernel: bindings, virtual functions, a mediated device.</summary>
    private static HostState State { get; } = new()
    {
        Devices = [new(DeviceSelector.At(Both[0])), new(DeviceSelector.At(Both[1]))],
        VirtualFunctions = [new(DeviceSelector.At(PciAddress.Parse(Physical)), 2) { ProbesDrivers = false }],
        MediatedDevices = [new(Uuid) { Parent = "mtty", Type = "mtty-2", StartsAtBoot = true }],
    };

    private static HostState NoState { get; } = new()
    {
        Devices = [new(DeviceSelector.At(Both[0])) { IsAbsent = true }, new(DeviceSelector.At(Both[1])) { IsAbsent = true }],
        VirtualFunctions = [new(DeviceSelector.At(PciAddress.Parse(Physical)), 0) { ProbesDrivers = true }],
        MediatedDevices = [new(Uuid) { IsAbsent = true }],
    };

    private static Dictionary<string, Func<Machine, Plan>> Plans { get; } = new()
    {
        ["bind"] = machine => machine.Host.PlanBind(Both, options: Fast),
        ["bind to a named driver"] = machine => machine.Host.PlanBind(Both, "pci-stub", options: Fast),
        ["unbind"] = machine => machine.After(machine.Host.PlanBind(Both)).PlanUnbind(Both, options: Fast),
        ["unbind without a record"] = machine => machine.Host.PlanUnbind([PciAddress.Parse("0000:03:00.0")], options: Fast),
        ["reset"] = machine => machine.Host.PlanReset(Both[0], "flr", options: Fast),
        ["virtual functions"] = machine => machine.Host.PlanVirtualFunctions(PciAddress.Parse(Physical), new VirtualFunctionRequest { Count = 2 }, options: Fast),
        ["other virtual functions"] = machine => machine.After(machine.Host.PlanVirtualFunctions(PciAddress.Parse(Physical), 1)).PlanVirtualFunctions(PciAddress.Parse(Physical), new VirtualFunctionRequest { Count = 3 }, options: Fast),
        ["virtual functions without drivers"] = machine => machine.Host.PlanVirtualFunctions(PciAddress.Parse(Physical), new VirtualFunctionRequest { Count = 2, ProbesDrivers = false }, options: Fast),
        ["create a mediated device"] = machine => machine.Host.PlanMediatedDevice("mtty", "mtty-2", Uuid, startsAtBoot: true, Fast),
        ["remove a mediated device"] = machine => machine.After(machine.Host.PlanMediatedDevice("mtty", "mtty-2", Uuid, startsAtBoot: true)).PlanMediatedDeviceRemoval(Uuid, undefines: true, options: Fast),
        ["assign to a stopped domain"] = machine => machine.Host.Plan(Both, machine.Libvirt.AddDomain("vm1"), Fast),
        ["assign to a running domain"] = machine => machine.Host.Plan(Both, machine.Libvirt.AddDomain("vm1", isRunning: true), Fast),
        ["assign a whole card to a stopped domain"] = machine => machine.Assigned(Card),
        ["assign a whole card to a running domain"] = machine => machine.Assigned(Card, isRunning: true),
        ["assign with spare ports to a stopped domain"] = machine => machine.Assigned(Pair with { SparePorts = 8 }),
        ["assign with spare ports to a running domain"] = machine => machine.Assigned(Pair with { SparePorts = 8 }, isRunning: true),
        ["assign unmanaged to a stopped domain"] = machine => machine.Assigned(Unmanaged),
        ["assign unmanaged to a running domain"] = machine => machine.Assigned(Unmanaged, isRunning: true),
        ["assign to the running guest only"] = machine => machine.Assigned(Pair with { Scope = AssignmentScope.Live }, isRunning: true),
        ["assign to the definition only"] = machine => machine.Assigned(Pair with { Scope = AssignmentScope.Definition }, isRunning: true),
        ["release from a running domain"] = machine => machine.Released(Pair, new(Both), isRunning: true),
        ["release from a stopped domain"] = machine => machine.Released(Pair, new(Both)),
        ["release a whole card from a running domain"] = machine => machine.Released(Card, new(Both[1]) { WholeCards = true }, isRunning: true),
        ["release a whole card from a stopped domain"] = machine => machine.Released(Card, new(Both[1]) { WholeCards = true }),
        ["release unmanaged from a running domain"] = machine => machine.Released(Unmanaged, new(Both), isRunning: true),
        ["release unmanaged from a stopped domain"] = machine => machine.Released(Unmanaged, new(Both)),
        ["release from the running guest only"] = machine => machine.Released(Pair, new(Both) { Scope = AssignmentScope.Live }, isRunning: true),
        ["release unmanaged from the running guest only"] = machine => machine.Released(Unmanaged, new(Both) { Scope = AssignmentScope.Live }, isRunning: true),
        ["release from the definition only"] = machine => machine.Released(Pair, new(Both) { Scope = AssignmentScope.Definition }, isRunning: true),
        ["assign to two domains"] = machine => machine.AssignedTogether(),
        ["release from two domains"] = machine => machine.ReleasedTogether(),
        ["reach a state"] = machine => machine.Host.PlanState(State, options: Fast),
        ["leave a state"] = machine => machine.After(machine.Host.PlanState(State)).PlanState(NoState, options: Fast),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public Task Whatever_fails_the_host_is_as_before(string kind) => AllAsync(kind, isWhole: false);

    /// <summary>Every fault of every action; takes some minutes. docs/faults.md has the last result.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Kinds))]
    public Task The_whole_matrix(string kind) => AllAsync(kind, isWhole: true);

    private static async Task AllAsync(string kind, bool isWhole)
    {
        int count;
        using (var machine = new Machine())
        {
            var plan = Plans[kind](machine);
            Assert.False(plan.IsRefused, plan.ToString());
            Assert.NotEmpty(plan.Steps);
            machine.Count();
            await plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
            count = machine.Actions;
        }

        Assert.True(count > 0, "the plan did nothing");
        var faults = Enum.GetValues<Fault>();
        var cases = Enumerable.Range(1, count)
            // A quick run tries two faults of each action, in turn.
            .SelectMany(at => (isWhole ? faults : [faults[at % faults.Length], faults[(at + (faults.Length / 2)) % faults.Length]]).Select(fault => (Fault: fault, At: at)))
            .ToList();

        // Most of the time, a case waits for its deadline, and each has a host of its own.
        await Parallel.ForEachAsync(
            cases,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (each, _) => await TryAsync(kind, each.Fault, each.At));
        TestContext.Current.TestOutputHelper!.WriteLine($"{kind}: {count} actions, {cases.Count} cases");
    }

    private static async Task TryAsync(string kind, Fault fault, int at)
    {
        using var machine = new Machine();
        var plan = Plans[kind](machine);
        var before = machine.State();
        machine.Fail(fault, at);
        try
        {
            await plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        }
        catch (PassthroughException e)
        {
            await machine.RepairAsync();
            var (stopped, what) = (e as StateFailedException, $"{kind}, {fault} at action {at}");
            var expected = stopped is null ? before : await PartsAsync(kind, stopped.Finished.Count); // the parts of a state that were finished stay
            if ((stopped?.InnerException ?? e) is PlanFailedException { NotUndone.IsEmpty: true })
            {
                Same(expected, machine.State(), $"{what}, undone: {e.Message}");
            }

            await machine.RecoverAsync(what);
            Same(expected, machine.State(), $"{what}, recovered: {e.Message}");
            if (plan is StatePlan { State: var state })
            {
                await machine.Host.PlanState(state).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
                Assert.Empty(machine.Host.PlanState(state).Steps);
            }

            return;
        }

        // What failed was tried in another way, or its failure did not matter: then the plan has done all that it shows.
        await machine.RepairAsync();
        Assert.True(fault is not Fault.Broken || machine.Actions < at + 1, $"{kind}, {fault} at action {at}: the plan says that it is done");
        Assert.Empty(machine.Entries);
        Assert.NotEqual(before, machine.State());
    }

    /// <summary>Returns how a host is on which so many parts of a state were applied, and nothing failed.</summary>
    private static async Task<string> PartsAsync(string kind, int count)
    {
        using var machine = new Machine();
        for (var plan = (StatePlan)Plans[kind](machine); count > 0; plan = machine.Host.PlanState(plan.State))
        {
            Assert.NotEmpty(plan.Parts);
            foreach (var part in plan.Parts.Take(count))
            {
                await part.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
                count--;
            }
        }

        return machine.State();
    }

    private static void Same(string before, string after, string what)
    {
        if (before != after)
        {
            var (then, now) = (before.Split('\n'), after.Split('\n'));
            Assert.Fail($"{what}\n- {string.Join("\n- ", then.Except(now))}\n+ {string.Join("\n+ ", now.Except(then))}");
        }
    }

    private sealed class Machine : IDisposable
    {
        private readonly FakeHost _fake = FakeHost.Create()
            .AddSystem()
            .AddPciDriver("vfio-pci")
            .AddPciDriver("pci-stub")
            .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
            .AddPciDevice(First, vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
            .AddPciDevice(Second, vendor: 0x8086, device: 0x293e, @class: 0x040300, driver: "snd_hda_intel", iommuGroup: 9, parent: "0000:00:1c.0")
            .AddPciBridge("0000:00:1d.0", secondaryBus: 2, iommuGroup: 10)
            .AddPciDevice(Physical, vendor: 0x1b36, device: 0x0010, @class: 0x010802, driver: "nvme", iommuGroup: 11, parent: "0000:00:1d.0")
            .AddPciBridge("0000:00:1e.0", secondaryBus: 3, iommuGroup: 12)
            .AddPciDevice("0000:03:00.0", vendor: 0x8086, device: 0x10d3, driver: "e1000e", iommuGroup: 13, parent: "0000:00:1e.0");

        private readonly ManualResetEventSlim _repaired = new();
        private Func<string, int>? _fault;
        private int _actions;

        public Machine()
        {
            _fake.AddNetworkInterface(First, "enp1s0")
                .AddNetworkInterface("0000:03:00.0", "enp3s0")
                .WriteAttribute(Second, "driver_override", "snd_hda_intel\n")
                .WriteAttribute(First, "reset_method", "flr bus\n")
                .WriteAttribute(First, "reset", "")
                .WriteAttribute("0000:03:00.0", "driver_override", "vfio-pci\n")
                .AddMediatedType("mtty", "mtty-2", 1)
                .WriteFile("/lib/udev/rules.d/60-mdevctl.rules", "RUN+=\"/usr/sbin/mdevctl\"").WriteFile("/usr/sbin/mdevctl", "")
                .AddDirectory("/etc/mdevctl.d").AddDirectory("/etc/udev/rules.d")
                .WriteAttribute(Physical, "sriov_totalvfs", "4\n")
                .WriteAttribute(Physical, "sriov_drivers_autoprobe", "1\n")
                .WriteAttribute(Physical, "sriov_numvfs", "0\n");
            Libvirt = new(_fake);
            Host = _fake.Open();
            Libvirt.Calling = call =>
            {
                if (Act(call) != 0)
                {
                    throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "the call failed");
                }
            };
            _fake.Writing = (path, _) => Act(path);
        }

        public FakeLibvirt Libvirt { get; }

        public IPassthroughHost Host { get; private set; }

        public int Actions => _actions;

        public IEnumerable<string> Entries => Directory.Exists(Journal) ? Directory.EnumerateFiles(Journal, "*.json") : [];

        private string Journal => _fake.Root + new PlanOptions().JournalDirectory;

        public void Dispose()
        {
            _repaired.Dispose();
            Libvirt.Dispose();
            _fake.Dispose();
        }

        public IPassthroughHost After(Plan plan)
        {
            Assert.False(plan.IsRefused, plan.ToString());
            plan.ApplyAsync().GetAwaiter().GetResult();
            return Host;
        }

        public AssignmentPlan Assigned(AssignmentRequest request, bool isRunning = false) => Host.Plan(request, Libvirt.AddDomain("vm1", isRunning), Fast);

        public AssignmentPlan Released(AssignmentRequest assigned, ReleaseRequest request, bool isRunning = false)
        {
            var domain = Libvirt.AddDomain("vm1", isRunning);
            return After(Host.Plan(assigned, domain)).PlanRelease(request, domain, Fast);
        }

        public CombinedPlan AssignedTogether() => Host.PlanTogether(
            [new(Libvirt.AddDomain("vm1"), Unmanaged), new(Libvirt.AddDomain("vm2", isRunning: true), new AssignmentRequest(Third))], Fast);

        public CombinedPlan ReleasedTogether()
        {
            After(AssignedTogether());
            return Host.PlanTogether([new(Libvirt.GetDomain("vm1"), new ReleaseRequest(Both)), new(Libvirt.GetDomain("vm2"), new ReleaseRequest(Third))], Fast);
        }

        /// <summary>From now on, actions are counted.</summary>
        public void Count() => Fail(Fault.Io, int.MaxValue);

        public void Fail(Fault fault, int at)
        {
            _actions = 0;
            _fault = action => Interlocked.Increment(ref _actions) is var number && (number < at || (number > at && fault != Fault.Broken)) ? 0
                : fault == Fault.Late ? Wait(action)
                : fault == Fault.Broken ? (int)Fault.Io
                : (int)fault;
        }

        /// <summary>Ends the fault, and waits until what was late has happened.</summary>
        public async Task RepairAsync()
        {
            _fault = null;
            _repaired.Set();
            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        public async Task RecoverAsync(string what)
        {
            for (var turn = 0; turn < 2; turn++) // twice: the second has nothing to do
            {
                foreach (var outcome in await Host.RecoverAsync(_ => Libvirt, Fast))
                {
                    Assert.True(outcome.IsComplete && turn == 0, $"{what}: {outcome.Problem} {string.Join("; ", outcome.NotUndone)}");
                }
            }

            Assert.Empty(Entries);
        }

        /// <summary>Every file and link that the kernel shows, and every definition.</summary>
        public string State()
        {
            var text = new StringBuilder();
            var entries = new[] { "/sys", "/etc/mdevctl.d", "/etc/udev/rules.d" }.SelectMany(directory => Under(new DirectoryInfo(_fake.Root + directory)));
            foreach (var entry in entries.OrderBy(entry => entry.FullName, StringComparer.Ordinal))
            {
                var shown = entry.LinkTarget ?? (entry is FileInfo file ? Convert.ToHexString(File.ReadAllBytes(file.FullName).AsSpan(0, (int)Math.Min(64, file.Length))) : "");
                text.Append(CultureInfo.InvariantCulture, $"{entry.FullName[_fake.Root.Length..]}={shown}\n");
            }

            foreach (var domain in Libvirt.GetDomains())
            {
                text.Append(CultureInfo.InvariantCulture, $"{domain.Name}: {domain.IsActive()}\n{Plain(domain.GetXml(DomainXmlOptions.Inactive))}\n{(domain.IsActive() ? Plain(domain.GetXml()) : "")}\n");
            }

            return text.ToString();
        }

        // Without aliases, which libvirt counts up, one element a line, and the devices in order: one that is plugged in again comes last.
        private static string Plain(string xml)
        {
            var document = XDocument.Parse(xml);
            document.Descendants("alias").Remove();
            document.DescendantNodes().OfType<XText>().Where(text => string.IsNullOrWhiteSpace(text.Value)).Remove();
            var devices = document.Descendants("hostdev").OrderBy(device => device.ToString(), StringComparer.Ordinal).ToList();
            devices.Remove();
            return document + string.Join('\n', devices);
        }

        // .NET's own recursion follows links to directories, and sysfs is full of them.
        private static IEnumerable<FileSystemInfo> Under(DirectoryInfo directory) => directory.EnumerateFileSystemInfos()
            .SelectMany(entry => entry is DirectoryInfo { LinkTarget: null } below ? Under(below).Prepend(entry) : [entry]);

        private int Act(string action) => _fault?.Invoke(action) ?? 0;

        private int Wait(string action)
        {
            // The kernel sets this flag without a lock, so that no write of it waits.
            if (!action.EndsWith("/sriov_drivers_autoprobe", StringComparison.Ordinal))
            {
                _repaired.Wait();
            }

            return 0;
        }
    }
}
