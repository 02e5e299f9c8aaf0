using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Sysfs;

namespace Passthrough.Sdk.Tests.Drivers;

/// <summary>Xen's pciback lists every device that it took, and takes it again at the next probe until somebody removes it from the list.</summary>
public sealed class PcibackTests : IDisposable
{
    private const string Name = "0000:01:00.0";
    private const string Slots = "/sys/bus/pci/drivers/pciback/slots";

    private static readonly PciAddress Nic = PciAddress.Parse(Name);

    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .WriteFile("/sys/hypervisor/type", "xen\n")
        .WriteFile("/sys/hypervisor/properties/features", "00002f0d\n")
        .WriteFile("/proc/modules", "xen_pciback 81920 0 - Live 0x0000000000000000\n")
        .AddPciDriver("pciback")
        .AddPciDevice(Name, vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e")
        .AddNetworkInterface(Name, "enp1s0");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task A_device_that_returns_to_the_host_leaves_the_list()
    {
        await _fake.Open().PlanBind([Nic]).ApplyAsync(cancellationToken: Token);
        Assert.Equal(("pciback", Name), (_fake.DriverOf(Name), _fake.ReadText(Slots).Trim()));

        var plan = _fake.Open().PlanUnbind([Nic]);
        Assert.Contains($"echo {Name} > /sys/bus/pci/drivers/pciback/remove_slot", Assert.Single(plan.Steps).Command, StringComparison.Ordinal);
        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Equal(("e1000e", ""), (_fake.DriverOf(Name), _fake.ReadText(Slots)));
    }

    [Fact]
    public async Task A_device_that_the_kernel_may_choose_a_driver_for_is_not_chosen_by_pciback_again()
    {
        TakeByHand();

        await _fake.Open().PlanUnbind([Nic]).ApplyAsync(cancellationToken: Token);

        Assert.Equal(("e1000e", ""), (_fake.DriverOf(Name), _fake.ReadText(Slots)));
    }

    [Fact]
    public async Task A_device_that_was_with_pciback_by_its_list_returns_there()
    {
        TakeByHand();
        await _fake.Open().PlanBind([Nic]).ApplyAsync(cancellationToken: Token);
        Assert.Equal("pciback", _fake.ReadText($"/sys/bus/pci/devices/{Name}/driver_override").Trim());

        await _fake.Open().PlanUnbind([Nic]).ApplyAsync(cancellationToken: Token);

        Assert.Equal(("pciback", "(null)", Name), (_fake.DriverOf(Name), _fake.ReadText($"/sys/bus/pci/devices/{Name}/driver_override").Trim(), _fake.ReadText(Slots).Trim()));
    }

    [Fact]
    public async Task A_kernel_whose_pciback_ignores_the_override_is_told_the_address()
    {
        var kernel = new OverrideIgnored(new FakeKernel(_fake));
        var watch = new DriverWatch(kernel, TimeProvider.System, _ => []);

        await watch.RestoreAsync(Nic, new HostBinding("pciback", "pciback"), TimeSpan.FromSeconds(1), Token);

        Assert.Equal("pciback", _fake.DriverOf(Name));
    }

    [Fact]
    public async Task A_slot_that_cannot_be_removed_is_an_error_and_not_left_without_a_word()
    {
        await _fake.Open().PlanBind([Nic]).ApplyAsync(cancellationToken: Token);
        _fake.Writing = (path, _) => path.EndsWith("/remove_slot", StringComparison.Ordinal) ? 22 : null;

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => _fake.Open().PlanUnbind([Nic]).ApplyAsync(cancellationToken: Token));

        Assert.Contains("/sys/bus/pci/drivers/pciback/remove_slot", error.Message, StringComparison.Ordinal);
    }

    private void TakeByHand()
    {
        Assert.Equal(0, _fake.TryWrite($"/sys/bus/pci/drivers/e1000e/unbind", Name));
        Assert.Equal(0, _fake.TryWrite("/sys/bus/pci/drivers/pciback/new_slot", Name));
        Assert.Equal(0, _fake.TryWrite("/sys/bus/pci/drivers/pciback/bind", Name));
    }

    // Linux before 4.9: the override keeps the other drivers away, and pciback takes what it lists.
    private sealed class OverrideIgnored(ISysfs inner) : DelegatingSysfs(inner)
    {
        private bool _isListed;

        public override int TryWrite(string path, ReadOnlySpan<byte> content)
        {
            _isListed |= path.EndsWith("/new_slot", StringComparison.Ordinal);
            return path.EndsWith("/drivers_probe", StringComparison.Ordinal) ? 0
                : path.EndsWith("/bind", StringComparison.Ordinal) && !_isListed ? 19
                : base.TryWrite(path, content);
        }
    }
}
