using System.Collections.Immutable;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Sysfs.Netlink;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Drivers;

/// <summary>Settings of virtual functions on a host whose kernel behaves: what is planned, done, refused and undone.</summary>
public sealed class VirtualFunctionSettingTests : IDisposable
{
    private const string Name = "0000:01:00.0";
    private const string Link = "ip link set enp1s0 vf";
    private static readonly PciAddress Nic = PciAddress.Parse(Name);

    private readonly FakeHost _fake = FakeHost.Create().AddSystem()
        .AddPciDevice(Name, 0x8086, 0x1572, @class: 0x020000, driver: "i40e", iommuGroup: 1)
        .WriteAttribute(Name, "sriov_totalvfs", "8\n").WriteAttribute(Name, "sriov_numvfs", "0\n").WriteAttribute(Name, "sriov_drivers_autoprobe", "1\n")
        .AddNetworkInterface(Name, "enp1s0");

    private readonly List<string> _written = [];

    public VirtualFunctionSettingTests() => Record();

    public void Dispose() => _fake.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probing_is_switched_off_before_the_functions_are_created_and_they_are_set_after_it()
    {
        var plan = Plan(new()
        {
            Count = 2,
            ProbesDrivers = false,
            Settings = [new() { Index = 1, MacAddress = "52:54:00:00:00:01", Vlan = new VlanTag(100), IsTrusted = true, ChecksSpoofing = false }, new() { Index = 0, Vlan = new VlanTag(7, 3) }],
        });

        Assert.Equal(
            [PlanStepKind.SetDriverProbing, PlanStepKind.SetVirtualFunctions, .. Enumerable.Repeat(PlanStepKind.ConfigureVirtualFunction, 5)],
            plan.Steps.Select(step => step.Kind));
        Assert.Equal("ip link set enp1s0 vf 0 vlan 7 qos 3", plan.Steps[2].Command);
        Assert.Equal("remove the virtual function", plan.Steps[2].Undo);
        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Equal(
            ["sriov_drivers_autoprobe 0", "sriov_numvfs 2", $"{Link} 0 vlan 7 qos 3", $"{Link} 1 mac 52:54:00:00:00:01", $"{Link} 1 vlan 100", $"{Link} 1 spoofchk off", $"{Link} 1 trust on"],
            _written);
        Assert.Equal(("52:54:00:00:00:01", new VlanTag(100), true, false), Values(1));
        Assert.False(Sriov.ProbesDrivers);
        Assert.Empty(Plan(new() { Count = 2, ProbesDrivers = false, Settings = [new() { Index = 0, Vlan = new VlanTag(7, 3) }] }).Steps);
    }

    [Fact]
    public async Task The_functions_that_are_created_again_keep_their_settings()
    {
        await Plan(new() { Count = 2, Settings = [new() { Index = 0, MacAddress = "52:54:00:00:00:01", Vlan = new VlanTag(7), IsTrusted = true, ChecksSpoofing = false }] }).ApplyAsync(cancellationToken: Token);

        await Plan(new() { Count = 4, Settings = [new() { Index = 0, Vlan = new VlanTag(8) }] }).ApplyAsync(cancellationToken: Token);

        Assert.Equal(("52:54:00:00:00:01", new VlanTag(8), true, false), Values(0));
        Assert.Equal(("00:00:00:00:00:00", VlanTag.None, false, true), Values(1));
    }

    [Fact]
    public async Task A_setting_that_fails_takes_everything_back()
    {
        Record((path, text) => text == "trust on" ? Errno.NotSupported : Errno.Success);

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Plan(new() { Count = 2, ProbesDrivers = false, Settings = [new() { Index = 1, Vlan = new VlanTag(7), IsTrusted = true }] }).ApplyAsync(cancellationToken: Token));

        Assert.Contains("driver cannot set it (EOPNOTSUPP)", error.Message, StringComparison.Ordinal);
        Assert.Contains("trust of virtual function 1 of 0000:01:00.0 (enp1s0)", error.Message, StringComparison.Ordinal);
        Assert.Empty(error.NotUndone);
        Assert.Equal((0, true), (Sriov.VirtualFunctions, Sriov.ProbesDrivers));
        Assert.Empty(await Recover());
    }

    [Fact]
    public async Task Functions_that_existed_get_their_number_and_their_settings_back()
    {
        await Plan(new() { Count = 2, Settings = [new() { Index = 1, Vlan = new VlanTag(7), IsTrusted = true }] }).ApplyAsync(cancellationToken: Token);
        Record((_, text) => text == "vlan 9" ? Errno.Invalid : Errno.Success);

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Plan(new() { Count = 4, Settings = [new() { Index = 3, Vlan = new VlanTag(9) }] }).ApplyAsync(cancellationToken: Token));

        Assert.Empty(error.NotUndone);
        Assert.Equal(2, Sriov.VirtualFunctions);
        Assert.Equal((new VlanTag(7), true), (Values(1).Vlan, Values(1).Trust));
    }

    [Fact]
    public async Task With_the_same_number_only_the_settings_are_made_and_set_back()
    {
        await Plan(new() { Count = 2, Settings = [new() { Index = 1, Vlan = new VlanTag(7) }] }).ApplyAsync(cancellationToken: Token);
        Record((_, text) => text == "trust on" ? Errno.NotPermitted : Errno.Success);
        var plan = Plan(new() { Count = 2, Settings = [new() { Index = 1, Vlan = VlanTag.None, IsTrusted = true }] });
        Assert.Equal("set 1 of the 2 virtual functions of 0000:01:00.0", plan.Purpose);
        Assert.Equal("set it back to 7", plan.Steps[0].Undo);
        Assert.Equal([Nic, PciAddress.Parse("0000:01:00.2")], plan.Devices);

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Contains("EPERM", error.Message, StringComparison.Ordinal);
        Assert.Empty(error.NotUndone);
        Assert.Equal([$"{Link} 1 vlan 0", $"{Link} 1 trust on", $"{Link} 1 vlan 7"], _written);
    }

    [Fact]
    public async Task A_setting_that_another_program_changed_meanwhile_is_left_alone()
    {
        await Plan(new() { Count = 1 }).ApplyAsync(cancellationToken: Token);
        Record((_, text) =>
        {
            if (text != "trust on")
            {
                return Errno.Success;
            }

            Record();
            SetByHand(0, "99");
            return Errno.NotSupported;
        });

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Plan(new() { Count = 1, Settings = [new() { Index = 0, Vlan = new VlanTag(7), IsTrusted = true }] }).ApplyAsync(cancellationToken: Token));

        Assert.Contains("vlan of virtual function 0", error.NotUndone[0].Reason, StringComparison.Ordinal);
        Assert.Equal(new VlanTag(99), Values(0).Vlan);
    }

    [Fact]
    public async Task Other_settings_than_when_the_plan_was_made_make_it_stale()
    {
        await Plan(new() { Count = 1 }).ApplyAsync(cancellationToken: Token);
        var plan = Plan(new() { Count = 1, Settings = [new() { Index = 0, Vlan = new VlanTag(7) }] });
        SetByHand(0, "99");
        await Assert.ThrowsAsync<StalePlanException>(() => plan.ApplyAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task A_domain_that_owns_the_function_refuses_a_setting_of_it()
    {
        await Plan(new() { Count = 2 }).ApplyAsync(cancellationToken: Token);
        var libvirt = new LibvirtFacts { Uri = "qemu:///system", Owners = ImmutableDictionary<PciAddress, string>.Empty.Add(PciAddress.Parse("0000:01:00.1"), "vm1") };
        var snapshot = _fake.Open().Capture(new CaptureOptions { DetailsOf = [Nic], OpenHandles = true });
        VirtualFunctionPlan Of(int index) => VirtualFunctionPlanner.Plan(
            snapshot, Nic, new() { Count = 2, Settings = [new() { Index = index, Vlan = new VlanTag(7) }] }, libvirt, [], _ => [], (_, _, _) => throw new InvalidOperationException("not to be applied"));

        Assert.True(Of(0).IsRefused);
        Assert.Contains(Of(0).Findings, finding => finding is { Id: FindingIds.DeviceInUseByDomain, IsUndetermined: false });
        Assert.DoesNotContain(Of(1).Findings, finding => finding.Id == FindingIds.DeviceInUseByDomain);
    }

    [Theory]
    [InlineData(2, null, 0, "index from 0 to 1")]
    [InlineData(0, "52:54:00:00:00", 0, "'52:54:00:00:00' is not a MAC address")]
    [InlineData(0, "53:54:00:00:00:01", 0, "multicast")]
    [InlineData(0, "ff:ff:ff:ff:ff:ff", 0, "multicast")]
    [InlineData(0, null, 4095, "4095 is not a VLAN")]
    [InlineData(0, null, -1, "-1 is not a VLAN")]
    public void What_no_driver_can_do_is_refused_and_named(int index, string? mac, int vlan, string named)
    {
        var error = Assert.Throws<VirtualFunctionException>(() => Plan(new() { Count = 2, Settings = [new() { Index = index, MacAddress = mac, Vlan = new VlanTag(vlan) }] }));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains(Name, error.Message, StringComparison.Ordinal);
        Assert.True(error.IsRefused);
        Assert.Equal(Nic, error.PhysicalFunction);
    }

    [Fact]
    public void Two_elements_for_one_function_a_priority_without_a_VLAN_and_a_negative_number_are_refused()
    {
        Assert.Contains("given twice", Assert.Throws<VirtualFunctionException>(() => Plan(new() { Count = 2, Settings = [new() { Index = 0 }, new() { Index = 0 }] })).Message, StringComparison.Ordinal);
        Assert.Contains("0 qos 8", Assert.Throws<VirtualFunctionException>(() => Plan(new() { Count = 2, Settings = [new() { Index = 0, Vlan = new VlanTag(0, 8) }] })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Plan(new() { Count = -1 }));
    }

    [Fact]
    public void All_zeros_are_no_address_and_are_accepted() =>
        Assert.Equal(2, Plan(new() { Count = 2, Settings = [new() { Index = 0, MacAddress = "00:00:00:00:00:00" }] }).Steps.Count);

    [Fact]
    public void A_physical_function_without_a_network_interface_can_only_have_a_number()
    {
        const string Disk = "0000:02:00.0";
        _fake.AddPciDevice(Disk, 0x1b36, 0x0010, driver: "nvme").WriteAttribute(Disk, "sriov_totalvfs", "4\n").WriteAttribute(Disk, "sriov_numvfs", "0\n");
        var host = _fake.Open();
        var error = Assert.Throws<VirtualFunctionException>(() => host.PlanVirtualFunctions(PciAddress.Parse(Disk), new VirtualFunctionRequest { Count = 1, Settings = [new() { Index = 0, Vlan = new VlanTag(7) }] }));
        Assert.Contains("has no network interface", error.Message, StringComparison.Ordinal);
        Assert.False(host.PlanVirtualFunctions(PciAddress.Parse(Disk), 1).IsRefused);
    }

    [Theory]
    [InlineData(Errno.NotSupported, "EOPNOTSUPP")]
    [InlineData(Errno.NotPermitted, "CAP_NET_ADMIN")]
    [InlineData(Errno.Invalid, "does not accept this value (EINVAL)")]
    [InlineData(Errno.NoDevice, "enp1s0 no longer exists here (ENODEV)")]
    [InlineData(Errno.ProtocolNotSupported, "802.1Q")]
    [InlineData(Errno.Again, "still being reset")]
    public async Task What_the_kernel_refuses_is_explained(int errno, string named)
    {
        Record((_, text) => text.StartsWith("vlan", StringComparison.Ordinal) ? errno : Errno.Success);
        var error = await Assert.ThrowsAsync<PlanFailedException>(() => Plan(new() { Count = 1, Settings = [new() { Index = 0, Vlan = new VlanTag(7) }] }).ApplyAsync(cancellationToken: Token));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.IsType<VirtualFunctionException>(error.InnerException);
    }

    [Fact]
    public async Task An_index_that_the_card_does_not_have_is_named_with_the_number_that_it_has()
    {
        await Plan(new() { Count = 2 }).ApplyAsync(cancellationToken: Token);
        var error = await Assert.ThrowsAsync<VirtualFunctionException>(() => Writer().SetAsync(Nic, new(5, VirtualFunctionSetting.Vlan, "7"), TimeSpan.FromSeconds(5), Token));
        Assert.Contains("only 2 virtual functions (EINVAL)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_interface_nothing_can_be_set()
    {
        Assert.Equal(Errno.Success, Sysfs.TryWrite("/sys/bus/pci/drivers/i40e/unbind", "0000:01:00.0"u8));
        var error = await Assert.ThrowsAsync<VirtualFunctionException>(() => Writer().SetAsync(Nic, new(0, VirtualFunctionSetting.Vlan, "7"), TimeSpan.FromSeconds(5), Token));
        Assert.Contains("has no network interface through which", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 2)]
    public async Task Recovery_completes_the_undo_of_a_killed_program_unless_its_last_step_was_done(bool isDone, int expected)
    {
        var plan = Plan(new() { Count = 2, ProbesDrivers = false, Settings = [new() { Index = 1, Vlan = new VlanTag(7) }] });
        var isDead = false;
        Record((_, text) =>
        {
            if (text == "vlan 7" && !isDead)
            {
                isDead = true;
                if (isDone)
                {
                    SetByHand(1, "7");
                }
            }

            return isDead ? Errno.IoError : Errno.Success;
        });
        Assert.NotEmpty((await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token))).NotUndone);
        Record();

        // A program that is killed marks nothing.
        var entry = Assert.Single(Directory.GetFiles(Path.Combine(_fake.Root, "var/lib/passthrough/journal"), "*.json"));
        File.WriteAllText(entry, File.ReadAllText(entry).Replace("\"hasFailed\": true", "\"hasFailed\": false", StringComparison.Ordinal));

        var recovered = Assert.Single(await Recover());

        Assert.True(recovered.IsComplete, recovered.Problem ?? string.Join(' ', recovered.NotUndone));
        Assert.Equal((expected, !isDone), (Sriov.VirtualFunctions, Sriov.ProbesDrivers));
        Assert.Equal(isDone, recovered.Note is not null);
        Assert.Empty(await Recover());
    }

    [Fact]
    public void The_messages_are_those_of_the_kernels_header()
    {
        var link = new VirtualFunctionLink(new NoNetlink(), "enp1s0", 7);
        byte[] Start(byte size, byte list, byte info, byte attribute, byte type) =>
            [size, 0, 0, 0, 19, 0, 5, 0, .. new byte[8], 0, 0, 0, 0, 7, 0, 0, 0, .. new byte[8], list, 0, 22, 0, info, 0, 1, 0, attribute, 0, type, 0];

        Assert.Equal([.. Start(56, 24, 20, 16, 2), 3, 0, 0, 0, 100, 0, 0, 0, 5, 0, 0, 0], link.RequestOf(new(3, VirtualFunctionSetting.Vlan, "100 qos 5")));
        Assert.Equal([.. Start(64, 32, 28, 24, 12), 20, 0, 1, 0, 3, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0x88, 0xa8, 0, 0], link.RequestOf(new(3, VirtualFunctionSetting.Vlan, "100 proto 802.1ad")));
        Assert.Equal([.. Start(52, 20, 16, 12, 9), 3, 0, 0, 0, 1, 0, 0, 0], link.RequestOf(new(3, VirtualFunctionSetting.Trust, "on")));
        Assert.Equal([.. Start(52, 20, 16, 12, 4), 3, 0, 0, 0, 0, 0, 0, 0], link.RequestOf(new(3, VirtualFunctionSetting.SpoofCheck, "off")));
        Assert.Equal([.. Start(80, 48, 44, 40, 1), 3, 0, 0, 0, 0x52, 0x54, 0, 0, 0, 1, .. new byte[26]], link.RequestOf(new(3, VirtualFunctionSetting.Mac, "52:54:00:00:00:01")));
    }

    private ISysfs Sysfs => ((PassthroughHost)_fake.Open()).Sysfs;

    private VirtualFunctionSettingWriter Writer() => new(Sysfs, TimeProvider.System);

    // What another program does: it is neither recorded nor refused.
    private void SetByHand(int function, string vlan)
    {
        var writing = _fake.Writing;
        _fake.Writing = null;
        Assert.Equal(Errno.Success, new VirtualFunctionLink(Sysfs.Netlink!, "enp1s0", 2).Set(new(function, VirtualFunctionSetting.Vlan, vlan)));
        _fake.Writing = writing;
    }

    private VirtualFunctionPlan Plan(VirtualFunctionRequest request)
    {
        _written.Clear();
        return _fake.Open().PlanVirtualFunctions(Nic, request);
    }

    private async Task<ValueList<PlanRecovery>> Recover() => await _fake.Open().RecoverAsync(_ => throw new InvalidOperationException("no libvirt"), cancellationToken: Token);

    private Sdk.Pci.Details.PciSriov Sriov => _fake.Open().Capture(new CaptureOptions { DetailsOf = [Nic] }).Devices[Nic].Details!.Sriov!;

    private (string? Mac, VlanTag? Vlan, bool? Trust, bool? Check) Values(int index)
    {
        var function = _fake.Open().Capture().System.Usage[Nic].NetworkInterfaces.Value[0].VirtualFunctions.Value[index];
        return (function.MacAddress, function.Vlan, function.IsTrusted, function.ChecksSpoofing);
    }

    private void Record(Func<string, string, int>? refuse = null) => _fake.Writing = (path, text) =>
    {
        _written.Add($"{(path.StartsWith('/') ? Path.GetFileName(path) : path)} {text}");
        return refuse?.Invoke(path, text);
    };

    private sealed class NoNetlink : INetlinkSource
    {
        public int TryOpen(string? path, bool withSockets, out INetlinkSession? session)
        {
            session = null;
            return Errno.NotSupported;
        }
    }
}
