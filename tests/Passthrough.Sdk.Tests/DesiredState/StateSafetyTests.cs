using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Tests.Plans;

namespace Passthrough.Sdk.Tests.DesiredState;

/// <summary>What must not be taken, or not be taken for granted: the last of something, another card, a device that is not known.</summary>
public sealed class StateSafetyTests : IDisposable
{
    private const string Usb = "0000:00:1d.0";
    private const string OtherUsb = "0000:00:14.0";
    private const string Input = "/proc/bus/input/devices";

    private readonly StateHost _host = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(StateScope.Now)]
    [InlineData(StateScope.AtBoot)]
    public void Two_keyboards_that_go_together_are_the_last_ones(StateScope scope)
    {
        AddKeyboards();
        HostState Of(params string[] controllers) => new() { Devices = [.. controllers.Select(controller => StateHost.Device(controller) with { Scope = scope })] };
        Assert.False(_host.Plan(Of(Usb)).IsRefused);
        Assert.False(_host.Plan(Of(OtherUsb)).IsRefused);

        var plan = _host.Plan(Of(Usb, OtherUsb));

        Assert.True(plan.IsRefused);
        var refusing = plan.Findings.Where(finding => finding.Id == FindingIds.DeviceHasConsoleKeyboard).ToList();
        Assert.Equal([FindingSeverity.Error, FindingSeverity.Error], refusing.Select(finding => finding.Severity));
        Assert.Equal([OtherUsb, Usb], refusing.SelectMany(finding => finding.Devices).Select(device => device.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_accepted_for_both_keyboards_is_accepted_for_the_second_part_too()
    {
        AddKeyboards();
        var state = new HostState { Devices = [StateHost.Device(Usb) with { Scope = StateScope.Now }, StateHost.Device(OtherUsb) with { Scope = StateScope.Now }] };
        var plan = _host.Plan(state, FindingIds.DeviceHasConsoleKeyboard);
        Assert.False(plan.IsRefused, plan.ToString());

        // A keyboard goes with its controller.
        var gone = new HashSet<string>();
        await plan.ApplyAsync(
            new OnProgress(progress =>
            {
                if (progress is { State: PlanStepState.Done, Step: { Kind: PlanStepKind.BindDriver, Device: { } device } })
                {
                    gone.Add(device.ToString());
                    _host.Files.WriteFile(Input, string.Concat(new[] { Usb, OtherUsb }.Where(each => !gone.Contains(each)).Select(Keyboard)));
                }
            }),
            Token);

        Assert.Equal(("vfio-pci", "vfio-pci"), (_host.Files.DriverOf(Usb), _host.Files.DriverOf(OtherUsb)));
    }

    [Fact]
    public async Task Another_card_at_the_address_is_not_taken_unless_the_selector_names_it()
    {
        var state = new HostState { Devices = [StateHost.Device(StateHost.Nic)] };
        await _host.ApplyAsync(state);
        _host.Exchange(StateHost.Nic, "10D3", "1521");

        var finding = Assert.Single(_host.Check(state).Findings);
        Assert.Equal((FindingIds.StateDeviceNotFound, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("8086:1521", finding.Title, StringComparison.Ordinal);
        Assert.Contains("\"device\": \"1521\"", finding.Remedy, StringComparison.Ordinal);
        Assert.True(_host.Plan(state).IsRefused);
        Assert.Empty(_host.Plan(state, FindingIds.StateDeviceNotFound).Parts);

        var named = new HostState { Devices = [new(DeviceSelector.At(PciAddress.Parse(StateHost.Nic)) with { VendorId = 0x8086, DeviceId = 0x1521 })] };
        Assert.Equal([PlanKind.Persist], _host.Plan(named).Parts.Select(part => part.Kind));

        // The file of the old card is no longer wanted, and the new card is not touched by that.
        Assert.Contains(PlanKind.Unpersist, _host.Plan(new() { Devices = [state.Devices[0] with { IsAbsent = true }] }).Parts.Select(part => part.Kind));
    }

    [Fact]
    public async Task Another_card_with_virtual_functions_is_not_changed()
    {
        await _host.ApplyAsync(new() { VirtualFunctions = [StateHost.Functions(2)] });
        _host.Exchange(StateHost.Card, "1572", "1521");
        Assert.All(new[] { 4, 0 }, count =>
        {
            var plan = _host.Plan(new() { VirtualFunctions = [StateHost.Functions(count) with { Settings = [] }] });
            Assert.Equal([FindingIds.StateDeviceNotFound], plan.Report.Findings.Select(finding => finding.Id));
            Assert.True(plan.IsRefused);
        });
    }

    [Fact]
    public void A_device_that_may_be_meant_or_not_refuses_until_it_is_accepted()
    {
        var state = new HostState { Devices = [new(new DeviceSelector { SerialNumber = 1 })], Parameters = [new("iommu=pt")] };
        var plan = _host.Plan(state);
        Assert.Contains(plan.Findings, finding => finding is { Id: FindingIds.StateDeviceAmbiguous, IsUndetermined: true });
        Assert.True(plan.IsRefused);
        Assert.Equal([PlanKind.Boot], _host.Plan(state, FindingIds.StateDeviceAmbiguous).Parts.Select(part => part.Kind));
    }

    [Fact]
    public async Task Only_a_virtual_function_that_the_plan_creates_is_waited_for()
    {
        var functions = StateHost.Functions(2) with { Driver = null, Settings = [] };
        HostState With(string address) => new() { VirtualFunctions = [functions], Devices = [StateHost.Device(address)] };
        Assert.All(new[] { "0000:03:00.5", "0000:09:00.0" }, mistyped =>
        {
            var plan = _host.Plan(With(mistyped));
            Assert.True(plan.IsRefused);
            Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.StateDeviceNotFound);
        });

        var state = With("0000:03:00.2");
        Assert.Contains("look for 0000:03:00.2 again", Assert.Single(_host.Plan(state).Deferred).Description, StringComparison.Ordinal);

        // Nobody knows the subsystem of a function that does not exist.
        HostState unknown = new() { VirtualFunctions = [functions], Devices = [new(state.Devices[0].Select with { SubsystemVendorId = 0x8086 })] };
        Assert.Single(_host.Plan(unknown).Deferred);
        await _host.ApplyAsync(state);
        Assert.Equal("vfio-pci", _host.Files.DriverOf("0000:03:00.2"));
    }

    [Fact]
    public async Task A_function_that_is_no_virtual_function_of_the_card_keeps_its_file()
    {
        const string Neighbour = "0000:03:00.2"; // the address that the second virtual function would have
        _host.Files.AddPciDevice(Neighbour, 0x8086, 0x2668, @class: 0x040300, driver: "snd_hda_intel", iommuGroup: 14, parent: "0000:00:1c.2");
        await _host.ApplyAsync(new() { Devices = [StateHost.Device(Neighbour)] });
        Assert.True(_host.Check(new() { VirtualFunctions = [new(DeviceSelector.At(PciAddress.Parse(StateHost.Card)), 0)] }).IsAsStated);
    }

    [Theory]
    [InlineData(0, 0, 2, "")]
    [InlineData(0, 1, 2, "")]
    [InlineData(1, 0, 2, "")]
    [InlineData(1, 0, 1, "0000:03:00.1")]
    [InlineData(1, 1, 2, "0000:03:00.1 0000:03:00.2")]
    public void No_address_is_computed_from_a_device_that_reports_none(int offset, int stride, int count, string addresses)
    {
        _host.Files.WriteAttribute(StateHost.Card, "sriov_offset", $"{offset}\n").WriteAttribute(StateHost.Card, "sriov_stride", $"{stride}\n");
        var device = _host.Files.Open().Capture(new() { DetailsOf = [PciAddress.Parse(StateHost.Card)] }).Devices[PciAddress.Parse(StateHost.Card)];
        Assert.Equal(addresses, string.Join(' ', VirtualFunctionPlan.AddressesOf(device, count)));
    }

    [Fact]
    public async Task A_mediated_device_is_created_when_the_one_before_has_left_its_place()
    {
        var other = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1002");
        await _host.ApplyAsync(new() { MediatedDevices = StateHost.Everything.MediatedDevices });
        var state = new HostState { MediatedDevices = [new(other) { Parent = "mtty", Type = "mtty-2" }, new(StateHost.Uuid) { IsAbsent = true }] };

        var plan = _host.Plan(state); // the parent has one instance of the type
        Assert.False(plan.IsRefused, plan.ToString());
        Assert.Equal([PlanKind.RemoveMediatedDevice], plan.Parts.Select(part => part.Kind));
        Assert.Equal($"create the mediated device {other:D}, when the plan has removed a mediated device of the same parent", Assert.Single(plan.Deferred).Description);
        await plan.ApplyAsync(cancellationToken: Token);

        Assert.True(_host.Check(state).IsAsStated);
    }

    [Theory]
    [InlineData("ro quiet intel_iommu=on", "iommu=pt", true)]
    [InlineData("ro quiet intel_iommu=on", "pci=noats", true)]
    [InlineData("ro quiet", "pci=noats", true)]
    [InlineData("ro quiet", "intel_iommu=on", false)]
    [InlineData("ro quiet intel_iommu=off", "intel_iommu=on", false)]
    public void Only_parameters_that_switch_the_IOMMU_on_explain_that_it_is_off(string running, string parameter, bool isRefused)
    {
        using var host = new StateHost($"BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 {running}", hasIommu: false);
        Assert.Equal(isRefused, host.Plan(new() { Devices = [StateHost.Device(StateHost.Nic)], Parameters = [new(parameter)] }).IsRefused);
    }

    [Fact]
    public async Task What_virtual_functions_lose_is_a_warning_of_the_plan()
    {
        await _host.ApplyAsync(new() { VirtualFunctions = [StateHost.Functions(2)] });
        var plan = _host.Plan(new() { VirtualFunctions = [StateHost.Functions(4)] });
        Assert.False(plan.IsRefused, plan.ToString());
        var lost = plan.Findings.Where(finding => finding.Id == FindingIds.VirtualFunctionSettingsLost).ToList();
        Assert.Equal(2, lost.Count);
        Assert.All(lost, finding => Assert.Equal(FindingSeverity.Warning, finding.Severity));
    }

    private void AddKeyboards() => _host.Files
        .AddPciDevice(Usb, 0x1b36, 0x000d, @class: 0x0c0330, driver: "xhci_hcd", iommuGroup: 21)
        .AddPciDevice(OtherUsb, 0x8086, 0xa12f, @class: 0x0c0330, driver: "xhci_hcd", iommuGroup: 22)
        .WriteFile(Input, Keyboard(Usb) + Keyboard(OtherUsb));

    private static string Keyboard(string controller) => $"""
        I: Bus=0003 Vendor=0627 Product=0001 Version=0111
        N: Name="QEMU QEMU USB Keyboard"
        P: Phys=usb-{controller}-2/input0
        S: Sysfs=/devices/pci0000:00/{controller}/usb1/1-2/1-2:1.0/0003:0627:0001.0001/input/input2
        U: Uniq=68284-{controller}-2
        H: Handlers=sysrq kbd leds 
        B: PROP=0
        B: EV=120013
        B: KEY=1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe
        B: MSC=10
        B: LED=1f


        """;
}
