using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.DesiredState;

/// <summary>Every difference has its finding, and what is unknown is never fine.</summary>
public sealed class StateCheckTests : IDisposable
{
    private readonly StateHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void A_fresh_host_owes_everything()
    {
        var report = _host.Check(StateHost.Everything);

        Assert.Equal((false, true), (report.IsAsStated, report.HasDrifted));
        Assert.Equal(
            new[]
            {
                FindingIds.StateAwaitsReboot, FindingIds.StateDriverDiffers, FindingIds.StateHookMissing, FindingIds.StateMediatedDeviceMissing, FindingIds.StateNotPersistent,
                FindingIds.StateParameterDiffers, FindingIds.StateVirtualFunctionCount, FindingIds.StateVirtualFunctionSetting,
            }.Order(StringComparer.Ordinal),
            report.Findings.Select(finding => finding.Id).Distinct().Order(StringComparer.Ordinal));
        Assert.All(report.Findings, finding => Assert.NotEmpty(finding.Evidence));
        Assert.All(report.Findings, finding => Assert.NotNull(FindingCatalog.Find(finding.Id)));
    }

    [Fact]
    public async Task Edits_other_settings_and_other_devices_are_found()
    {
        await _host.ApplyAsync(StateHost.Everything);
        _host.Reboot("iommu=pt intel_iommu=on");
        Assert.True(_host.Check(StateHost.Everything).IsAsStated);

        Edit("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules");
        Edit(StateHost.Hook);
        await _host.Files.Open().PlanVirtualFunctions(PciAddress.Parse(StateHost.Card), new VirtualFunctionRequest { Count = 2, Settings = [new() { Index = 0, IsTrusted = false }] }).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        var state = StateHost.Everything with { MediatedDevices = [StateHost.Everything.MediatedDevices[0] with { Type = "mtty-1" }] };

        Assert.Equal(
            [FindingIds.StateHookDiffers, FindingIds.StateMediatedDeviceDiffers, FindingIds.StateNotPersistent, FindingIds.StateVirtualFunctionSetting],
            _host.Check(state).Findings.Select(finding => finding.Id).Order(StringComparer.Ordinal));
        Assert.True(_host.Plan(state).IsRefused);

        void Edit(string path) => File.AppendAllText(_host.Files.PathOf(path), "# mine\n");
    }

    [Fact]
    public async Task A_hook_that_libvirt_does_not_call_is_found_and_no_plan_helps()
    {
        var state = new HostState { Hook = StateHost.Everything.Hook };
        await _host.ApplyAsync(state);
        _host.Files.Remove("/usr/bin/passthrough");

        Assert.Equal(FindingIds.StateHookNotInEffect, Assert.Single(_host.Check(state).Findings).Id);
        Assert.Empty(_host.Plan(state).Steps);
        Assert.Contains("nothing can be done now", _host.Plan(state).ToString(), StringComparison.Ordinal);
        Assert.Equal(FindingIds.StateHookDiffers, Assert.Single(_host.Check(new() { Hook = new() { IsAbsent = true } }).Findings).Id);
        Assert.Equal(FindingIds.StateHookDiffers, Assert.Single(_host.Check(state with { Hook = state.Hook! with { AllowsOnFailure = true } }).Findings).Id);
    }

    [Fact]
    public void A_device_that_is_missing_or_wanted_twice_is_an_error()
    {
        var gone = new HostState { Devices = [StateHost.Device("0000:09:00.0")] };
        var finding = Assert.Single(_host.Check(gone).Findings);
        Assert.Equal((FindingIds.StateDeviceNotFound, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.True(_host.Plan(gone).IsRefused);
        Assert.True(_host.Check(new() { Devices = [StateHost.Device("0000:09:00.0") with { IsAbsent = true }] }).IsAsStated);

        var ids = new DeviceSelector { VendorId = 0x8086, DeviceId = 0x1572 };
        Assert.Equal(FindingIds.StateContradiction, Ids(new() { Devices = [new(ids)], VirtualFunctions = [StateHost.Functions(0) with { Count = 2, Settings = [] }] })[0]);
        Assert.Equal([FindingIds.StateContradiction], Ids(new() { Devices = [new(ids), StateHost.Device(StateHost.Card) with { Driver = "i40e" }] }));
        Assert.Empty(Ids(new() { Devices = [new(ids) { Driver = "i40e", Scope = StateScope.Now }, StateHost.Device(StateHost.Card) with { Driver = "i40e", Scope = StateScope.Now }] }));

        ValueList<string> Ids(HostState state) => [.. _host.Check(state).Findings.Select(each => each.Id)];
    }

    [Fact]
    public void A_device_of_driverctl_that_should_not_be_kept_is_named()
    {
        _host.Files.WriteFile($"/etc/driverctl.d/pci-{StateHost.Nic}", "vfio-pci\n");
        var finding = Assert.Single(_host.Check(new() { Devices = [StateHost.Device(StateHost.Nic) with { IsAbsent = true }] }).Findings);
        Assert.Equal(FindingIds.StateNotPersistent, finding.Id);
        Assert.Contains("driverctl unset-override", finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_unknown_is_undetermined()
    {
        _host.Files.Remove("/proc/cmdline").Remove(StateHost.Grub).Remove("/boot/grub/grub.cfg").Remove("/sys/bus/mdev").WriteFile("/sys/bus/mdev/devices", "");
        Undetermined(FindingIds.StateParameterDiffers, new() { Parameters = [new("iommu=pt")] });
        Undetermined(FindingIds.StateDeviceAmbiguous, new() { Devices = [new(new DeviceSelector { SerialNumber = 1 })] });

        // Only the kernel and a daemon know these, and a capture in an archive has neither.
        using var stream = new MemoryStream();
        PassthroughHost.At(_host.Files.Root).CaptureTo(stream);
        var file = Path.Join(_host.Files.Root, "capture.tar.gz");
        File.WriteAllBytes(file, stream.ToArray());
        var report = PassthroughHost.At(file).CheckState(new() { Hook = StateHost.Everything.Hook });
        Assert.Null(report.IsAsStated);
        Assert.Equal((FindingIds.StateHookMissing, true), (report.Findings[0].Id, report.Findings[0].IsUndetermined));

        void Undetermined(string id, HostState state)
        {
            var result = _host.Check(state);
            Assert.Null(result.IsAsStated);
            Assert.Contains(result.Findings, finding => finding.Id == id && finding.IsUndetermined);
            Assert.Empty(_host.Plan(state).Steps);
        }
    }

    [Fact]
    public void A_setting_that_the_driver_does_not_report_is_undetermined()
    {
        _host.Files.Remove($"{_host.Files.DevicePath(StateHost.Card)}/sriov_drivers_autoprobe");
        var report = _host.Check(new() { VirtualFunctions = [new(DeviceSelector.At(PciAddress.Parse(StateHost.Card)), 0) { ProbesDrivers = false }] });
        var finding = Assert.Single(report.Findings);
        Assert.Equal((FindingIds.StateVirtualFunctionSetting, true), (finding.Id, finding.IsUndetermined));
    }
}
