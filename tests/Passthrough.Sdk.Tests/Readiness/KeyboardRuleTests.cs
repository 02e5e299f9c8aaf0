using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>The keyboard of the host's console goes with the USB controller to which it is connected.</summary>
public sealed class KeyboardRuleTests
{
    private const string Usb = "0000:00:1d.0";
    private const string OtherUsb = "0000:00:14.0";

    // Both as the kernel of the lab shows them.
    private const string Ps2 = """
        I: Bus=0011 Vendor=0001 Product=0001 Version=ab41
        N: Name="AT Translated Set 2 keyboard"
        P: Phys=isa0060/serio0/input0
        S: Sysfs=/devices/platform/i8042/serio0/input/input0
        U: Uniq=
        H: Handlers=sysrq kbd leds 
        B: PROP=0
        B: EV=120013
        B: KEY=402000002 3803078f800d001 feffffdfffefffff fffffffffffffffe
        B: MSC=10
        B: LED=7


        """;

    private const string UsbKeyboard = """
        I: Bus=0003 Vendor=0627 Product=0001 Version=0111
        N: Name="QEMU QEMU USB Keyboard"
        P: Phys=usb-0000:00:1d.0-2/input0
        S: Sysfs=/devices/pci0000:00/0000:00:1d.0/usb1/1-2/1-2:1.0/0003:0627:0001.0001/input/input2
        U: Uniq=68284-0000:00:1d.0-2
        H: Handlers=sysrq kbd leds 
        B: PROP=0
        B: EV=120013
        B: KEY=1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe
        B: MSC=10
        B: LED=1f


        """;

    // A power button has the console's handler and one key.
    private const string PowerButton = """
        N: Name="Power Button"
        S: Sysfs=/devices/pci0000:00/0000:00:14.0/usb2/2-1/input/input4
        H: Handlers=kbd event1 
        B: KEY=10000000000000 0


        """;

    private const string Virtual = """
        N: Name="ydotoold virtual device"
        S: Sysfs=/devices/virtual/input/input9
        H: Handlers=sysrq kbd event9 
        B: KEY=ffffffffffffffff ffffffffffffffff ffffffffffffffff fffffffffffffffe


        """;

    [Theory]
    [InlineData(UsbKeyboard, FindingSeverity.Error)]
    [InlineData(UsbKeyboard + PowerButton + Virtual, FindingSeverity.Error)]
    [InlineData(Ps2 + UsbKeyboard, FindingSeverity.Warning)]
    [InlineData(Ps2 + PowerButton, null)]
    [InlineData(Virtual, null)]
    [InlineData("", null)]
    public void The_only_keyboard_is_an_error_and_one_of_several_a_warning(string input, FindingSeverity? severity)
    {
        var findings = Check(input, Usb);
        Assert.Equal(severity, findings.FirstOrDefault()?.Severity);
        if (severity is null)
        {
            return;
        }

        var finding = Assert.Single(findings);
        Assert.Contains("QEMU QEMU USB Keyboard (input2)", finding.Title, StringComparison.Ordinal);
        Assert.Equal([PciAddress.Parse(Usb)], finding.Devices);
        Assert.Equal("/proc/bus/input/devices", finding.Evidence[0].Source);
        Assert.Equal(severity == FindingSeverity.Error, PlanGuards.Refuses(finding, []));
        Assert.False(PlanGuards.Refuses(finding, [FindingIds.DeviceHasConsoleKeyboard]));
    }

    [Fact]
    public void Two_controllers_that_are_taken_together_leave_no_keyboard()
    {
        var other = UsbKeyboard.Replace(Usb, OtherUsb, StringComparison.Ordinal).Replace("input2", "input3", StringComparison.Ordinal);
        Assert.Equal([FindingSeverity.Error, FindingSeverity.Error], Check(UsbKeyboard + other, Usb, OtherUsb).Select(finding => finding.Severity));
        Assert.Equal(FindingSeverity.Warning, Assert.Single(Check(UsbKeyboard + other, Usb)).Severity);
    }

    private static List<Finding> Check(string input, params string[] devices)
    {
        using var host = FakeHost.Create()
            .AddPciDevice(Usb, vendor: 0x1b36, device: 0x000d, @class: 0x0c0330, driver: "xhci_hcd", iommuGroup: 9)
            .AddPciDevice(OtherUsb, vendor: 0x8086, device: 0xa12f, @class: 0x0c0330, driver: "xhci_hcd", iommuGroup: 10)
            .WriteFile("/proc/bus/input/devices", input)
            .AddSystem();
        var report = PassthroughHost.At(host.Root).Capture(new CaptureOptions { DetailsOf = [.. devices.Select(PciAddress.Parse)] })
            .CheckDevices([.. devices.Select(PciAddress.Parse)]);
        return [.. report.Where(finding => finding.Id == FindingIds.DeviceHasConsoleKeyboard)];
    }
}
