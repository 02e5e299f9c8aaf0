using System.Text.Json;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Boot;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>A plan that was written as JSON is applied as it was reviewed, or not at all.</summary>
public sealed class SavedPlanTests : IDisposable
{
    private const string Name = "0000:01:00.0";
    private const string BootId = "/proc/sys/kernel/random/boot_id";
    private const string MachineId = "/etc/machine-id";

    private static readonly PciAddress Nic = PciAddress.Parse(Name);

    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .AddPciDriver("vfio-pci")
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice(Name, vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddNetworkInterface(Name, "enp1s0")
        .WriteFile(MachineId, "0123456789abcdef0123456789abcdef\n");

    private readonly FakeLibvirt _libvirt;

    public SavedPlanTests() => _libvirt = new(_fake);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _libvirt.Dispose();
        _fake.Dispose();
    }

    [Fact]
    public async Task Another_program_applies_the_plan_that_was_reviewed()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var plan = _fake.Open().Plan([Nic], guest, new PlanOptions { UnplugTimeout = TimeSpan.FromSeconds(7), JournalDirectory = "/elsewhere" });

        var saved = SavedPlan.Parse(plan.ToJson());
        Assert.Equal((PlanKind.Assign, "vm1", "qemu:///system", plan.Purpose), (saved.Kind, saved.Domain, saved.Connection, saved.Purpose));
        Assert.Equal([Nic], saved.Devices);
        Assert.Equal(plan.Steps, saved.Steps);
        Assert.Equal((TimeSpan.FromSeconds(7), new PlanOptions().JournalDirectory), (saved.Options.UnplugTimeout, saved.Options.JournalDirectory));
        var again = _fake.Open().PlanAgain(saved, _libvirt);
        Assert.Equal(plan.Steps, again.Steps);
        await again.ApplyAsync(cancellationToken: Token);
        Assert.Equal("vfio-pci", _fake.DriverOf(Name));

        var release = SavedPlan.Parse(_fake.Open().PlanRelease([Nic], guest).ToJson());
        Assert.Equal(PlanKind.Release, release.Kind);
        await _fake.Open().PlanAgain(release, _libvirt).ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf(Name));
        Assert.DoesNotContain("<hostdev", guest.GetXml(DomainXmlOptions.Inactive), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_of_virtual_functions_and_a_boot_change_are_applied_again_too()
    {
        _fake.WriteAttribute(Name, "sriov_totalvfs", "4\n").WriteAttribute(Name, "sriov_numvfs", "0\n")
            .WriteFile("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"quiet\"\n").WriteFile("/boot/grub/grub.cfg", "linux /vmlinuz quiet\n");
        var functions = SavedPlan.Parse(_fake.Open().PlanVirtualFunctions(Nic, 2).ToJson());
        await _fake.Open().PlanAgain(functions).ApplyAsync(cancellationToken: Token);
        Assert.Equal(2, _fake.Open().Capture().Devices[Nic].VirtualFunctions.Count);
        Assert.Equal(SavedPlanProblem.StepsDiffer, Refused(functions));

        _fake.AddNetworkInterface(Name, "enp1s0");
        var settings = SavedPlan.Parse(_fake.Open().PlanVirtualFunctions(Nic, new VirtualFunctionRequest
        {
            Count = 2,
            Settings = [new() { Index = 1, MacAddress = "52-54-00-AA-BB-CC", Vlan = new VlanTag(100, 3) { IsServiceTag = true }, IsTrusted = true, ChecksSpoofing = false }],
        }).ToJson());
        await _fake.Open().PlanAgain(settings).ApplyAsync(cancellationToken: Token);
        var set = _fake.Open().Capture().System.Usage[Nic].NetworkInterfaces.Value[0].VirtualFunctions.Value[1];
        Assert.Equal(("52:54:00:aa:bb:cc", "100 qos 3 proto 802.1ad", true, false), (set.MacAddress, set.Vlan!.ToString(), set.IsTrusted, set.ChecksSpoofing));

        var change = new Sdk.Boot.BootChange { Add = [Sdk.Boot.BootParameter.Parse("iommu=pt")], Remove = ["quiet"], LoadModules = ["vfio-pci"], EarlyBinding = null };
        var boot = SavedPlan.Parse(_fake.Open().PlanBoot(change).ToJson());

        // Files outlive a boot: the machine is the same.
        _fake.WriteFile(BootId, $"{Guid.NewGuid()}\n");
        await _fake.Open().PlanAgain(boot).ApplyAsync(cancellationToken: Token);
        Assert.Equal("iommu=pt", _fake.Open().ReadBootConfiguration().Configured.Value);
        Assert.Equal(SavedPlanProblem.StepsDiffer, Refused(boot));
        await _fake.Open().PlanAgain(SavedPlan.Parse(_fake.Open().PlanBootRevert().ToJson())).ApplyAsync(cancellationToken: Token);
        Assert.Equal("quiet", _fake.Open().ReadBootConfiguration().Configured.Value);
    }

    [Theory]
    [InlineData("0123456789abcdef0123456789abcdef", SavedPlanProblem.OtherBoot)]
    [InlineData("ffffffffffffffffffffffffffffffff", SavedPlanProblem.OtherHost)]
    [InlineData("", SavedPlanProblem.OtherHost)]
    public void Another_host_and_another_boot_are_refused(string machine, SavedPlanProblem problem)
    {
        var saved = Save(_libvirt.AddDomain("vm1"));
        _fake.WriteFile(BootId, $"{Guid.NewGuid()}\n").WriteFile(MachineId, machine + "\n");
        Assert.Equal(problem, Refused(saved));
    }

    [Fact]
    public void The_machine_id_itself_is_not_given_away() =>
        Assert.DoesNotContain("0123456789abcdef", _fake.Open().Plan([Nic], _libvirt.AddDomain("vm1")).ToJson(), StringComparison.Ordinal);

    [Fact]
    public void Another_device_at_the_address_is_refused()
    {
        var saved = Save(_libvirt.AddDomain("vm1"));
        _fake.WriteAttribute(Name, "device", "0x1533\n");
        Assert.Equal(SavedPlanProblem.OtherDevice, Refused(saved));
    }

    [Fact]
    public void Steps_that_nobody_reviewed_are_refused_by_name()
    {
        var guest = _libvirt.AddDomain("vm1");
        var saved = Save(guest);
        guest.Start();
        var refused = Assert.Throws<SavedPlanException>(() => _fake.Open().PlanAgain(saved, _libvirt));
        Assert.Equal(SavedPlanProblem.StepsDiffer, refused.Problem);
        Assert.Contains("plug it into the running vm1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_was_changed_in_the_file_is_refused()
    {
        var json = _fake.Open().Plan([Nic], _libvirt.AddDomain("vm1")).ToJson();
        Assert.Equal(SavedPlanProblem.StepsDiffer, Refused(SavedPlan.Parse(json.Replace("add 0000:01:00.0 to the definition", "do nothing to the definition", StringComparison.Ordinal))));
        Assert.Equal(SavedPlanProblem.DomainNotFound, Refused(SavedPlan.Parse(Regex.Replace(json, "\"domainUuid\": \"[^\"]+\"", $"\"domainUuid\": \"{Guid.NewGuid()}\""))));
    }

    [Fact]
    public async Task A_guard_that_has_turned_makes_a_refused_plan()
    {
        var saved = Save(_libvirt.AddDomain("vm1"));
        await _fake.Open().Plan([Nic], _libvirt.AddDomain("vm2", isRunning: true)).ApplyAsync(cancellationToken: Token);
        var plan = _fake.Open().PlanAgain(saved, _libvirt);
        Assert.True(plan.IsRefused);
        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.DeviceInUseByDomain);
        await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));
    }

    [Fact]
    public void What_was_accepted_is_accepted_for_what_was_shown()
    {
        _fake.AddNetworkInterface(Name, "enp1s0", "192.0.2.10/24");
        var guest = _libvirt.AddDomain("vm1");
        var options = new PlanOptions { Accepted = [FindingIds.DeviceHoldsActiveNetworkInterface] };
        var saved = SavedPlan.Parse(_fake.Open().Plan([Nic], guest, options).ToJson());
        Assert.False(_fake.Open().PlanAgain(saved, _libvirt).IsRefused);
        _fake.AddNetworkInterface(Name, "enp1s0", "198.51.100.7/24");
        Assert.Equal(SavedPlanProblem.FindingsDiffer, Refused(saved));
        Assert.False(_fake.Open().PlanAgain(saved, _libvirt, options).IsRefused);
    }

    [Theory]
    [InlineData("")]
    [InlineData("plan")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"format\": 1}")]
    public void A_text_that_is_no_plan_is_refused(string text) =>
        Assert.Equal(SavedPlanProblem.Damaged, Assert.Throws<SavedPlanException>(() => SavedPlan.Parse(text)).Problem);

    [Theory]
    [InlineData("\"kind\": \"assign\"", "\"kind\": \"destroy\"")]
    [InlineData("\"kind\": \"assign\"", "\"kind\": 0")]
    [InlineData("\"kind\": \"assign\"", "\"kind\": \"virtualFunctions\"")]
    [InlineData("\"kind\": \"assign\"", "\"kind\": \"boot\"")]
    [InlineData("\"domain\": \"vm1\"", "\"domain\": null")]
    [InlineData("\"connection\": \"qemu:///system\"", "\"connection\": \"\"")]
    [InlineData("\"accept\": []", "\"accept\": [\"no.such-finding\"]")]
    [InlineData("\"undoTimeout\": 15", "\"undoTimeout\": 1e300")]
    [InlineData("\"steps\": [", "\"steps\": [null, ")]
    [InlineData("\"0000:01:00.0\"", "\"elsewhere\"")]
    public void A_plan_that_is_damaged_is_refused(string what, string by)
    {
        var json = _fake.Open().Plan([Nic], _libvirt.AddDomain("vm1")).ToJson();
        var damaged = json.Replace(what, by, StringComparison.Ordinal);
        Assert.NotEqual(json, damaged);
        Assert.Equal(SavedPlanProblem.Damaged, Assert.Throws<SavedPlanException>(() => SavedPlan.Parse(damaged)).Problem);
    }

    [Fact]
    public void A_newer_format_and_a_torn_file_are_refused()
    {
        var json = _fake.Open().Plan([Nic], _libvirt.AddDomain("vm1")).ToJson();
        Assert.Equal(SavedPlanProblem.NewerFormat, Assert.Throws<SavedPlanException>(() => SavedPlan.Parse(json.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal))).Problem);
        for (var length = 0; length < json.Length; length++)
        {
            Assert.Throws<SavedPlanException>(() => SavedPlan.Parse(json[..length]));
        }
    }

    [Fact]
    public async Task A_boot_plan_of_a_directory_is_known_by_its_place_and_its_content()
    {
        using var tree = Distributions.Make("debian");
        using var other = Distributions.Make("debian");
        var saved = SavedPlan.Parse(tree.Plan("intel_iommu=on").ToJson());
        Assert.Equal(SavedPlanProblem.OtherHost, Assert.Throws<SavedPlanException>(() => PassthroughHost.At(other.Root).PlanAgain(saved)).Problem);
        var grub = tree["/etc/default/grub"];
        tree["/etc/default/grub"] = "# mine\n" + grub;
        Assert.Equal(SavedPlanProblem.StepsDiffer, Assert.Throws<SavedPlanException>(() => PassthroughHost.At(tree.Root).PlanAgain(saved)).Problem);
        tree["/etc/default/grub"] = grub;
        await PassthroughHost.At(tree.Root).PlanAgain(saved).ApplyAsync(cancellationToken: Token);
        Assert.Contains("intel_iommu=on", tree["/etc/default/grub"], StringComparison.Ordinal);
    }

    /// <summary>What <c>passthrough plan --json</c> has printed from the beginning, and what docs/plans.md says.</summary>
    [Fact]
    public void The_fields_are_those_of_the_contract_and_of_the_page()
    {
        _fake.AddNetworkInterface(Name, "enp1s0", isUp: true);
        using var json = JsonDocument.Parse(_fake.Open().Plan([Nic], _libvirt.AddDomain("vm1")).ToJson());
        var root = json.RootElement;
        Assert.Equal(("vm1", "qemu:///system", false), (root.GetProperty("domain").GetString(), root.GetProperty("connection").GetString(), root.GetProperty("refused").GetBoolean()));
        Assert.Equal(Name, root.GetProperty("devices")[0].GetString());
        Assert.Equal(0, root.GetProperty("accepted").GetArrayLength());
        var step = root.GetProperty("steps")[0];
        Assert.Equal(["number", "kind", "device", "description", "undo", "command"], step.EnumerateObject().Select(property => property.Name));
        Assert.Equal((1, "addToDefinition", Name), (step.GetProperty("number").GetInt32(), step.GetProperty("kind").GetString(), step.GetProperty("device").GetString()));
        var finding = root.GetProperty("findings")[0];
        Assert.Equal(["id", "severity", "title", "evidence", "remedy", "devices"], finding.EnumerateObject().Select(property => property.Name));
        Assert.Contains(finding.GetProperty("severity").GetString(), new[] { "error", "warning", "info" });
        Assert.Equal(["source", "value"], finding.GetProperty("evidence")[0].EnumerateObject().Select(property => property.Name));

        var page = File.ReadAllText(Repository.PathOf("docs/plans.md"));
        var documented = Regex.Matches(page, @"^\| `([a-zA-Z]+)` \|", RegexOptions.Multiline).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal);
        Assert.Equal(root.EnumerateObject().Select(property => property.Name).Concat(["boot", "domains", "probeDrivers", "state", "virtualFunctionSettings", "virtualFunctions"]).Order(StringComparer.Ordinal), documented.Where(name => !Enum.TryParse<SavedPlanProblem>(name, out _)));
        Assert.All(Enum.GetNames<SavedPlanProblem>(), name => Assert.Contains($"`{name}`", page, StringComparison.Ordinal));
    }

    private SavedPlan Save(FakeLibvirtDomain guest) => SavedPlan.Parse(_fake.Open().Plan([Nic], guest).ToJson());

    private SavedPlanProblem Refused(SavedPlan saved) => Assert.Throws<SavedPlanException>(() => _fake.Open().PlanAgain(saved, _libvirt)).Problem;
}
