using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests;

/// <summary>A document makes a host as it says, a second apply does nothing, drift is found and fixed, and the opposite takes everything back.</summary>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class DesiredStateTests : IDisposable
{
    private const string File = "/run/state.json";
    private const string Functions = "/sys/bus/pci/devices/0000:02:00.0/sriov_numvfs";
    private const string Document = """
        {
          "version": 1,
          "devices": [ { "select": { "vendor": "8086", "device": "10d3", "class": "0200" } } ],
          "virtualFunctions": [
            { "select": { "address": "0000:02:00.0", "class": "010802" }, "count": 2, "probeDrivers": false, "driver": "vfio-pci" }
          ],
          "hook": {}
        }
        """;

    private const string Opposite = """
        {
          "version": 1,
          "devices": [ { "select": { "vendor": "8086", "device": "10d3", "class": "0200" }, "ensure": "absent" } ],
          "virtualFunctions": [ { "select": { "address": "0000:02:00.0" }, "count": 0, "probeDrivers": true } ],
          "hook": { "ensure": "absent" }
        }
        """;

    private static readonly PciAddress FirstFunction = PciAddress.Parse("0000:02:00.1");
    private static readonly PciAddress SecondFunction = PciAddress.Parse("0000:02:00.2");

    public void Dispose()
    {
        Write(Opposite);
        Shell.Try($"{CommandLine.Program} state apply {File}");
        LibvirtDaemon.RestartWith(null);
    }

    [Fact]
    public void A_document_converges_drift_is_fixed_and_its_opposite_takes_everything_back()
    {
        Write(Document);
        var (rules, driver) = (Rules(), Device.DriverOf(Device.Nic));
        Assert.Equal(1, State("check").Code);
        var plan = State("plan").Output;
        Assert.Contains("then: bind the 2 virtual functions of 0000:02:00.0 to vfio-pci when they exist", plan, StringComparison.Ordinal);
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));

        AppliesTo0();
        Assert.Equal(("vfio-pci", "vfio-pci", "vfio-pci", "2"), (Device.DriverOf(Device.Nic), Device.DriverOf(FirstFunction), Device.DriverOf(SecondFunction), Shell.Run($"cat {Functions}")));
        LibvirtDaemon.RestartWith(null);
        IsAsStated();

        // By hand: a driver, a rule file, and the virtual functions, of which udev's rules bind the new ones while the next plan is made.
        Shell.Run($"echo >/sys/bus/pci/devices/{Device.Nic}/driver_override; echo {Device.Nic} >/sys/bus/pci/drivers/vfio-pci/unbind; echo {Device.Nic} >/sys/bus/pci/drivers_probe; udevadm settle");
        Shell.Run($"rm /etc/udev/rules.d/61-passthrough-{Device.Nic}.rules; echo 0 >{Functions}; udevadm settle");
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
        var (code, output, _) = State("check");
        Assert.Equal(1, code);
        Assert.All(
            new[] { FindingIds.StateDriverDiffers, FindingIds.StateNotPersistent, FindingIds.StateVirtualFunctionCount },
            id => Assert.Contains($"[{id}]", output, StringComparison.Ordinal));

        AppliesTo0();
        IsAsStated();

        Write(Opposite);
        AppliesTo0();
        IsAsStated();
        Assert.Equal((driver, "0", rules, ""), (Device.DriverOf(Device.Nic), Shell.Run($"cat {Functions}"), Rules(), HostPicture.Entries()));
        Assert.False(System.IO.File.Exists("/etc/libvirt/hooks/qemu.d/passthrough"));
    }

    [Fact]
    public void A_selector_that_means_two_devices_refuses_everything()
    {
        Write(Document.Replace("\"device\": \"10d3\", ", "", StringComparison.Ordinal)); // the two NICs behind the bridge are of the same vendor
        var (code, _, errors) = State("apply");
        Assert.Equal(1, code);
        Assert.Contains($"[{FindingIds.StateDeviceAmbiguous}]", errors, StringComparison.Ordinal);
        Assert.Equal(("e1000e", "0"), (Device.DriverOf(Device.Nic), Shell.Run($"cat {Functions}")));
    }

    private static void AppliesTo0()
    {
        var (code, output, errors) = State("apply");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
    }

    private static void IsAsStated()
    {
        var (code, output, errors) = State("check");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        Assert.Contains("nothing to do", State("apply").Output, StringComparison.Ordinal);
        Assert.True(PassthroughHost.Local().PlanState(HostState.Parse(System.IO.File.ReadAllText(File)) with { Hook = null }).Steps.IsEmpty);
    }

    private static (int Code, string Output, string Errors) State(string verb) => Shell.Try($"{CommandLine.Program} state {verb} {File}");

    private static void Write(string document) => System.IO.File.WriteAllText(File, document);

    private static string Rules() => Shell.Run("ls /etc/udev/rules.d 2>/dev/null | grep passthrough || true");
}
