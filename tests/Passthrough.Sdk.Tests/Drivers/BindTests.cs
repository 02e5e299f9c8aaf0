using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Drivers;

/// <summary>Devices are bound, returned and reset without libvirt.</summary>
public sealed class BindTests : IDisposable
{
    private const string Name = "0000:01:00.0";
    private const string Second = "0000:01:00.1";

    private static readonly PciAddress Nic = PciAddress.Parse(Name);
    private static readonly PciAddress Sound = PciAddress.Parse(Second);

    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .AddPciDriver("vfio-pci")
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice(Name, vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddPciDevice(Second, vendor: 0x8086, device: 0x293e, @class: 0x040300, driver: "snd_hda_intel", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddNetworkInterface(Name, "enp1s0");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_group_is_bound_and_returns_exactly()
    {
        _fake.WriteAttribute(Second, "driver_override", "snd_hda_intel\n");
        var plan = _fake.Open().PlanBind([Nic, Sound]);
        Assert.Equal([PlanStepKind.BindDriver, PlanStepKind.BindDriver], plan.Steps.Select(step => step.Kind));
        Assert.Equal($"take {Name} from e1000e and bind it to vfio-pci with driver_override vfio-pci", plan.Steps[0].Description);
        Assert.Contains($"echo vfio-pci > /sys/bus/pci/devices/{Name}/driver_override", plan.Steps[0].Command, StringComparison.Ordinal);

        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal(("vfio-pci", "vfio-pci"), (_fake.DriverOf(Name), _fake.DriverOf(Second)));
        Assert.Empty(_fake.Open().PlanBind([Nic, Sound]).Steps);

        var back = _fake.Open().PlanUnbind([Nic, Sound]);
        Assert.Equal($"take {Second} from vfio-pci and bind it to snd_hda_intel with driver_override snd_hda_intel", back.Steps[1].Description);
        await back.ApplyAsync(cancellationToken: Token);
        Assert.Equal(("e1000e", "snd_hda_intel"), (_fake.DriverOf(Name), _fake.DriverOf(Second)));
        Assert.Equal(("(null)", "snd_hda_intel"), (Override(Name), Override(Second)));
        Assert.Empty(_fake.Open().PlanUnbind([Nic, Sound]).Steps);
    }

    [Fact]
    public async Task The_first_binding_is_the_one_that_comes_back()
    {
        _fake.AddPciDriver("mlx5_vfio_pci");
        await _fake.Open().PlanBind([Nic, Sound]).ApplyAsync(cancellationToken: Token);
        await _fake.Open().PlanBind([Nic], "mlx5-vfio-pci").ApplyAsync(cancellationToken: Token); // dashes and underscores are the same
        Assert.Equal("mlx5_vfio_pci", _fake.DriverOf(Name));

        await _fake.Open().PlanUnbind([Nic]).ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf(Name));
    }

    [Fact]
    public async Task A_record_of_a_binding_that_ended_by_hand_is_replaced()
    {
        _fake.WriteAttribute(Second, "driver_override", "snd_hda_intel\n");
        await _fake.Open().PlanBind([Nic, Sound]).ApplyAsync(cancellationToken: Token);
        BindByHand("snd_hda_intel", "(null)");

        await _fake.Open().PlanBind([Nic, Sound]).ApplyAsync(cancellationToken: Token);
        await _fake.Open().PlanUnbind([Nic, Sound]).ApplyAsync(cancellationToken: Token);

        Assert.Equal(("snd_hda_intel", "(null)"), (_fake.DriverOf(Second), Override(Second)));
    }

    [Fact]
    public async Task A_record_that_a_killed_program_left_after_its_release_does_not_decide_about_a_later_one()
    {
        _fake.WriteAttribute(Second, "driver_override", "snd_hda_intel\n");
        await _fake.Open().PlanBind([Nic, Sound]).ApplyAsync(cancellationToken: Token);
        var record = Directory.GetFiles(_fake.PathOf("/var/lib/passthrough/journal/assigned"), $"{Second}.*").Single();
        string? marked = null;
        _fake.Writing = (_, _) =>
        {
            marked = File.ReadAllText(record); // at last by the step that returns this device
            return 0;
        };
        await _fake.Open().PlanUnbind([Nic, Sound]).ApplyAsync(cancellationToken: Token);
        _fake.Writing = null;
        Assert.False(File.Exists(record));
        File.WriteAllText(record, marked!); // the program was killed between the removal of the entry and that of the record

        BindByHand("vfio-pci", "vfio-pci");
        Assert.Contains("let the kernel choose", Assert.Single(_fake.Open().PlanUnbind([Sound]).Steps).Description, StringComparison.Ordinal);
        await _fake.Open().RecoverAsync(_ => throw new InvalidOperationException(), cancellationToken: Token);
        Assert.False(File.Exists(record));
    }

    [Fact]
    public async Task A_release_that_is_undone_still_has_its_record()
    {
        await _fake.Open().PlanBind([Nic, Sound]).ApplyAsync(cancellationToken: Token);
        var times = 0;
        _fake.Writing = (path, _) => path.EndsWith("/drivers_probe", StringComparison.Ordinal) && ++times == 2 ? Errno.IoError : 0;
        await Assert.ThrowsAsync<PlanFailedException>(() => _fake.Open().PlanUnbind([Nic, Sound]).ApplyAsync(cancellationToken: Token));
        _fake.Writing = null;
        Assert.Equal(("vfio-pci", "vfio-pci"), (_fake.DriverOf(Name), _fake.DriverOf(Second)));

        Assert.Contains("bind it to e1000e", _fake.Open().PlanUnbind([Nic]).Steps[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_was_never_recorded_returns_to_the_kernels_choice()
    {
        _fake.WriteAttribute(Name, "driver_override", "vfio-pci\n");
        var plan = _fake.Open().PlanUnbind([Nic]);
        Assert.Contains("let the kernel choose", Assert.Single(plan.Steps).Description, StringComparison.Ordinal);

        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal(("e1000e", "(null)"), (_fake.DriverOf(Name), Override(Name)));
    }

    [Fact]
    public void The_variant_that_is_made_for_the_device_is_chosen()
    {
        _fake.AddPciDriver("mlx5_vfio_pci")
            .WriteFile("/proc/sys/kernel/osrelease", "6.1.0\n")
            .WriteFile("/lib/modules/6.1.0/modules.alias", "alias vfio_pci:v00008086d000010D3sv*sd*bc*sc*i* mlx5_vfio_pci\nalias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci\n");

        Assert.Contains("bind it to mlx5_vfio_pci", _fake.Open().PlanBind([Nic]).Steps[0].Description, StringComparison.Ordinal);
        Assert.Contains("bind it to vfio-pci", _fake.Open().PlanBind([Sound]).Steps[0].Description, StringComparison.Ordinal);
        Assert.Contains("bind it to vfio-pci", _fake.Open().PlanBind([Nic], "vfio-pci").Steps[0].Description, StringComparison.Ordinal);
    }

    [Fact]
    public void A_driver_that_the_kernel_does_not_have_is_loaded_first()
    {
        var plan = _fake.Open().PlanBind([Nic, Sound], "hisi_acc_vfio_pci");

        Assert.Equal([PlanStepKind.LoadModule, PlanStepKind.BindDriver, PlanStepKind.BindDriver], plan.Steps.Select(step => step.Kind));
        Assert.Equal("modprobe -b hisi_acc_vfio_pci", plan.Steps[0].Command);
    }

    [Fact]
    public void The_rest_of_the_group_is_a_warning()
    {
        var plan = _fake.Open().PlanBind([Nic]);

        Assert.False(plan.IsRefused, plan.ToString());
        var finding = Assert.Single(plan.Findings, finding => finding.Id == FindingIds.GroupNotViable);
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains(Second, finding.Title, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_in_use_is_refused_when_the_plan_is_made_and_when_it_is_applied()
    {
        var plan = _fake.Open().PlanBind([Nic, Sound]);
        _fake.AddNetworkInterface(Name, "enp1s0", "192.0.2.1/24");

        var refusal = await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));
        Assert.Contains(refusal.Findings, finding => finding.Id == FindingIds.DeviceHoldsActiveNetworkInterface);
        Assert.True(_fake.Open().PlanBind([Nic]).IsRefused);
        Assert.Equal("e1000e", _fake.DriverOf(Name));
    }

    [Fact]
    public async Task A_driver_that_changed_meanwhile_makes_the_plan_stale()
    {
        var plan = _fake.Open().PlanBind([Sound]);
        _fake.WriteAttribute(Second, "driver_override", "snd_hda_intel\n");

        await Assert.ThrowsAsync<StalePlanException>(() => plan.ApplyAsync(cancellationToken: Token));
        Assert.Equal("snd_hda_intel", _fake.DriverOf(Second));
    }

    [Theory]
    [InlineData("")]
    [InlineData("../../etc")]
    [InlineData("vfio-pci\n")]
    public void A_name_that_is_none_is_refused(string driver) =>
        Assert.Throws<ArgumentException>(() => _fake.Open().PlanBind([Nic], driver));

    [Fact]
    public void A_device_that_does_not_exist_is_a_finding()
    {
        var plan = _fake.Open().PlanBind([PciAddress.Parse("0000:05:00.0")]);

        Assert.True(plan.IsRefused);
        Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.DeviceNotFound);
    }

    [Fact]
    public async Task A_saved_plan_is_applied_by_another_program()
    {
        var saved = SavedPlan.Parse(_fake.Open().PlanBind([Nic, Sound], "vfio-pci").ToJson());
        Assert.Equal(PlanKind.Bind, saved.Kind);

        await _fake.Open().PlanAgain(saved).ApplyAsync(cancellationToken: Token);
        Assert.Equal("vfio-pci", _fake.DriverOf(Name));

        await _fake.Open().PlanAgain(SavedPlan.Parse(_fake.Open().PlanUnbind([Nic, Sound]).ToJson())).ApplyAsync(cancellationToken: Token);
        Assert.Equal("e1000e", _fake.DriverOf(Name));
    }

    [Fact]
    public async Task A_reset_by_one_method_restores_the_others()
    {
        _fake.WriteAttribute(Name, "reset_method", "flr bus\n").WriteAttribute(Name, "reset", "");
        var plan = _fake.Open().PlanReset(Nic, "flr");
        Assert.Equal([PlanStepKind.ChooseResetMethod, PlanStepKind.ResetDevice, PlanStepKind.ChooseResetMethod], plan.Steps.Select(step => step.Kind));

        var writes = new List<string>();
        _fake.Writing = (path, text) => Note(writes, path, text);
        await plan.ApplyAsync(cancellationToken: Token);
        Assert.Equal(["reset_method=flr", "reset=1", "reset_method=flr bus"], writes);
    }

    [Fact]
    public void A_method_that_the_device_does_not_have_is_refused_with_those_that_it_has()
    {
        _fake.WriteAttribute(Name, "reset_method", "pm bus\n");

        var error = Assert.Throws<ResetMethodException>(() => _fake.Open().PlanReset(Nic, "flr"));
        Assert.Equal(["pm", "bus"], error.Methods);
        Assert.Contains("pm, bus", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n", FindingIds.DeviceNoReset)]
    [InlineData("bus\n", FindingIds.DeviceResetReachesOthers)]
    public void A_reset_that_cannot_work_is_refused(string methods, string id)
    {
        _fake.WriteAttribute(Name, "reset_method", methods);

        var plan = _fake.Open().PlanReset(Nic);
        Assert.True(plan.IsRefused);
        Assert.Contains(plan.Findings, finding => finding.Id == id && finding.Severity == FindingSeverity.Error);
    }

    [Fact]
    public async Task A_device_that_does_not_come_back_is_named()
    {
        _fake.WriteAttribute(Name, "reset_method", "flr\n").WriteAttribute(Name, "reset", "");
        var plan = _fake.Open().PlanReset(Nic, options: new PlanOptions { ResetTimeout = TimeSpan.FromMilliseconds(200) });
        _fake.Writing = (path, _) =>
        {
            _fake.WriteFile($"{_fake.DevicePath(Name)}/config", Enumerable.Repeat((byte)0xff, 256).ToArray());
            return null;
        };

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));
        Assert.Contains("does not answer", error.Message, StringComparison.Ordinal);
    }

    private static int? Note(List<string> writes, string path, string text)
    {
        writes.Add($"{Path.GetFileName(path)}={text}");
        return null;
    }

    // As an administrator does it in the kernel's files.
    private void BindByHand(string driver, string driverOverride)
    {
        var path = _fake.DevicePath(Second);
        _fake.Remove($"/sys/bus/pci/drivers/{_fake.DriverOf(Second)}/{Second}").Remove($"{path}/driver")
            .AddLink($"{path}/driver", $"/sys/bus/pci/drivers/{driver}").AddLink($"/sys/bus/pci/drivers/{driver}/{Second}", path)
            .WriteAttribute(Second, "driver_override", driverOverride + "\n");
    }

    private string Override(string device) => File.ReadAllText(_fake.Root + _fake.DevicePath(device) + "/driver_override").Trim();
}
