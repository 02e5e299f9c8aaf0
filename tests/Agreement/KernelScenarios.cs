using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Agreement;

/// <summary>What the kernel does when its files are written: drivers, overrides, resets, virtual functions.</summary>
public abstract class KernelScenarios : IDisposable
{
    private const string Drivers = "/sys/bus/pci/drivers";
    private const string Probe = "/sys/bus/pci/drivers_probe";

    private readonly Stage _stage;

    private protected KernelScenarios(Stage stage) => _stage = stage;

    public void Dispose()
    {
        _stage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_device_goes_to_VFIO_and_back_by_its_override()
    {
        var said = new Transcript(_stage, "override");
        said.State(Stage.Nic);
        said.WriteTo(Stage.Nic, "driver_override", "vfio-pci");
        said.State(Stage.Nic);
        said.Write($"{Drivers}/vfio-pci/bind", Stage.Nic); // its driver still has it
        said.Write($"{Drivers}/e1000e/unbind", Stage.Nic);
        said.State(Stage.Nic);
        said.Write($"{Drivers}/e1000e/unbind", Stage.Nic); // once more
        said.Write($"{Drivers}/e1000e/bind", Stage.Nic); // the override names another driver
        said.Write(Probe, Stage.Nic);
        said.State(Stage.Nic);
        said.Directory($"{Drivers}/vfio-pci/{Stage.Nic}/iommu_group/devices");
        said.Write(Probe, Stage.Nic); // it has a driver
        said.WriteTo(Stage.Nic, "driver_override", "");
        said.State(Stage.Nic);
        said.WriteTo(Stage.Nic, "driver/unbind", Stage.Nic);
        said.State(Stage.Nic);
        said.Write(Probe, Stage.Nic);
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public void A_device_without_a_driver_waits_for_one_that_may_have_it()
    {
        var said = new Transcript(_stage, "without-driver");
        said.Write($"{Drivers}/snd_hda_intel/unbind", Stage.Sound);
        said.State(Stage.Sound);
        said.Write($"{Drivers}/vfio-pci/bind", Stage.Sound); // it is not a device of that driver
        said.WriteTo(Stage.Sound, "driver_override", "no-such-driver");
        said.Write(Probe, Stage.Sound);
        said.State(Stage.Sound);
        said.Write($"{Drivers}/snd_hda_intel/bind", Stage.Sound);
        said.WriteTo(Stage.Sound, "driver_override", "vfio-pci");
        said.Write($"{Drivers}/vfio-pci/bind", Stage.Sound);
        said.State(Stage.Sound);
        said.Write($"{Drivers}/vfio-pci/bind", Stage.Sound); // once more
        said.Write($"{Drivers}/vfio-pci/unbind", Stage.Sound);
        said.WriteTo(Stage.Sound, "driver_override", "");
        said.Write($"{Drivers}/snd_hda_intel/bind", Stage.Sound);
        said.State(Stage.Sound);
        said.End();
    }

    [Fact]
    public void What_names_no_device_and_no_file_is_refused()
    {
        var said = new Transcript(_stage, "refused-writes");
        foreach (var word in (ReadOnlySpan<string>)["0000:09:00.0", "nonsense", ""])
        {
            said.Write(Probe, word);
            said.Write($"{Drivers}/vfio-pci/bind", word);
            said.Write($"{Drivers}/vfio-pci/unbind", word);
        }

        said.Write($"{Drivers}/no-such-driver/bind", Stage.Nic);
        said.Write("/sys/bus/pci/devices/0000:09:00.0/driver_override", "vfio-pci");
        said.WriteTo(Stage.Nic, "no_such_file", "1");
        said.WriteTo(Stage.Nic, "vendor", "0x8086");
        said.WriteTo(Stage.Nic, "reset", "0");
        said.WriteTo(Stage.Nic, "reset", "nonsense");
        said.WriteTo(Stage.Nic, "reset_method", "no-such-method");
        said.WriteTo(Stage.Nic, "sriov_numvfs", "1");
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public void A_device_is_reset_by_the_methods_that_are_chosen()
    {
        var said = new Transcript(_stage, "reset");
        said.File($"/sys/bus/pci/devices/{Stage.Nic}/reset_method");
        said.WriteTo(Stage.Nic, "reset", "1");
        foreach (var methods in (ReadOnlySpan<string>)["bus", "pm no-such-method", "flr", "", "bus pm", "default"])
        {
            said.WriteTo(Stage.Nic, "reset_method", methods);
            said.File($"/sys/bus/pci/devices/{Stage.Nic}/reset_method");
        }

        said.WriteTo(Stage.Nic, "reset", "1");
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public void The_devices_of_a_group_share_it()
    {
        var said = new Transcript(_stage, "shared-group");
        said.State(Stage.SharedNic, Stage.OtherSharedNic);
        Viable(said);
        foreach (var device in (ReadOnlySpan<string>)[Stage.SharedNic, Stage.OtherSharedNic])
        {
            said.WriteTo(device, "driver_override", "vfio-pci");
            said.WriteTo(device, "driver/unbind", device);
            said.Write(Probe, device);
            said.State(Stage.SharedNic, Stage.OtherSharedNic);
            Viable(said);
        }

        foreach (var device in (ReadOnlySpan<string>)[Stage.SharedNic, Stage.OtherSharedNic])
        {
            said.WriteTo(device, "driver_override", "");
            said.WriteTo(device, "driver/unbind", device);
            said.Write(Probe, device);
        }

        said.State(Stage.SharedNic, Stage.OtherSharedNic);
        said.End();
    }

    [Fact]
    public void Virtual_functions_come_and_go()
    {
        const string Probing = "sriov_drivers_autoprobe";
        var said = new Transcript(_stage, "virtual-functions");
        said.WriteTo(Stage.Disk, Probing, "2");
        said.WriteTo(Stage.Disk, Probing, "0");
        Functions(said);
        said.WriteTo(Stage.Disk, "sriov_numvfs", "5");
        said.WriteTo(Stage.Disk, "sriov_numvfs", "-1");
        said.WriteTo(Stage.Disk, "sriov_numvfs", "two");
        said.WriteTo(Stage.Disk, "sriov_numvfs", "0");
        said.WriteTo(Stage.Disk, "sriov_numvfs", "2");
        Functions(said);
        said.WriteTo(Stage.Disk, "sriov_numvfs", "2"); // as many as there are
        said.WriteTo(Stage.Disk, "sriov_numvfs", "3");
        said.WriteTo("0000:02:00.1", "driver_override", "vfio-pci");
        said.Write(Probe, "0000:02:00.1");
        Functions(said);
        said.WriteTo("0000:02:00.1", "sriov_numvfs", "1");
        said.WriteTo(Stage.Disk, "sriov_numvfs", "0"); // also the one that VFIO has
        Functions(said);
        said.Directory("/sys/bus/pci/drivers/vfio-pci/0000:02:00.1");
        said.WriteTo(Stage.Disk, "sriov_numvfs", "1");
        Functions(said); // the override is gone with its function
        said.WriteTo(Stage.Disk, "sriov_numvfs", "0");
        said.WriteTo(Stage.Disk, Probing, "1");
        said.End();
    }

    private static void Functions(Transcript said)
    {
        said.File($"/sys/bus/pci/devices/{Stage.Disk}/sriov_numvfs");
        said.File($"/sys/bus/pci/devices/{Stage.Disk}/sriov_totalvfs");
        said.File($"/sys/bus/pci/devices/{Stage.Disk}/sriov_drivers_autoprobe");
        said.LinkOf($"/sys/bus/pci/devices/{Stage.Disk}/virtfn0");
        said.LinkOf($"/sys/bus/pci/devices/{Stage.Disk}/virtfn1");
        said.LinkOf("/sys/bus/pci/devices/0000:02:00.1/physfn");
        said.State("0000:02:00.1", "0000:02:00.2");
    }

    private void Viable(Transcript said)
    {
        var snapshot = _stage.Host.Capture();
        var group = snapshot.IommuGroups.Single(each => each.Devices.Contains(PciAddress.Parse(Stage.SharedNic)));
        said.Say($"  viable: {snapshot.CheckGroup(group).IsReady}");
    }
}
