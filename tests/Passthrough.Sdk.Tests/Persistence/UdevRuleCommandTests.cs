using System.Diagnostics;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Persistence;

/// <summary>The command in a rule, run by a real shell on a fake host's files: what is in use is not taken from its driver.</summary>
public sealed class UdevRuleCommandTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create()
        .AddPciBridge("0000:00:10.0", secondaryBus: 1)
        .AddPciDriver("vfio-pci")
        .WriteFile("/dev/kmsg", "");

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_driver_that_has_the_device_idle_is_unbound_and_the_override_decides()
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", parent: "0000:00:10.0").WriteAttribute("0000:01:00.0", "net/eth0/flags", "0x1002\n");
        Run(0x020000);
        Assert.Equal("0000:01:00.0\n", Read("/sys/bus/pci/drivers/e1000e/unbind"));
        Assert.Equal("0000:01:00.0\n", Read("/sys/bus/pci/drivers_probe"));
        Assert.Equal("", Read("/dev/kmsg"));
    }

    [Fact]
    public void A_device_without_a_driver_is_only_probed()
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, parent: "0000:00:10.0");
        Run(0x020000);
        Assert.Equal("0000:01:00.0\n", Read("/sys/bus/pci/drivers_probe"));
    }

    [Fact]
    public void A_device_that_has_the_driver_is_left_alone()
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "vfio-pci", parent: "0000:00:10.0");
        Run(0x020000);
        Assert.Equal("", Read("/sys/bus/pci/drivers_probe"));
        Assert.Equal("", Read("/sys/bus/pci/drivers/vfio-pci/unbind"));
    }

    [Fact]
    public void An_interface_that_is_up_keeps_its_driver_and_the_log_says_so()
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "e1000e", parent: "0000:00:10.0").WriteAttribute("0000:01:00.0", "net/eth0/flags", "0x1003\n");
        Run(0x020000);
        StaysWith("e1000e", "net/eth0/flags");
    }

    [Theory]
    [InlineData("virtio0/net/eth0/flags")]
    [InlineData("usb1/1-1/1-1:1.0/net/wwan0/flags")]
    public void An_interface_that_is_up_deeper_below_the_device_keeps_its_driver_too(string flags)
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "first", parent: "0000:00:10.0")
            .WriteAttribute("0000:01:00.0", "net/idle0/flags", "0x1002\n").WriteAttribute("0000:01:00.0", flags, "0x1003\n");
        Run(0x020000);
        StaysWith("first", flags);
    }

    [Fact]
    public void Other_files_of_that_name_are_not_interfaces()
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "first", parent: "0000:00:10.0")
            .WriteAttribute("0000:01:00.0", "mtd/mtd0/flags", "0xc01\n").WriteAttribute("0000:01:00.0", "virtio0/net/eth0/flags", "0x1002\n");
        Run(0x020000);
        Assert.Equal("0000:01:00.0\n", Read("/sys/bus/pci/drivers/first/unbind"));
        Assert.Equal("", Read("/dev/kmsg"));
    }

    [Fact]
    public void A_controller_with_a_disk_keeps_its_driver()
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, driver: "xhci_hcd", parent: "0000:00:10.0").WriteAttribute("0000:01:00.0", "usb1/1-1/host0/block/sda/size", "1\n");
        Run(0x0c0330);
        StaysWith("xhci_hcd", "host0/block");
    }

    [Theory]
    [InlineData(0x010802)]
    [InlineData(0x030000)]
    public void A_disk_or_a_display_keeps_the_driver_that_has_it(int code)
    {
        _fake.AddPciDevice("0000:01:00.0", 0x8086, 0x10d3, @class: code, driver: "first", parent: "0000:00:10.0");
        Run(code);
        StaysWith("first", "its_class");
    }

    private void StaysWith(string driver, string reason)
    {
        Assert.Equal("", Read($"/sys/bus/pci/drivers/{driver}/unbind"));
        Assert.Equal("", Read("/sys/bus/pci/drivers_probe"));
        Assert.StartsWith($"passthrough: 0000:01:00.0 stays with the driver {driver} because of ", Read("/dev/kmsg"), StringComparison.Ordinal);
        Assert.Contains(reason, Read("/dev/kmsg"), StringComparison.Ordinal);
    }

    // As udev does: between the quotes, with $ for $$.
    private void Run(int code)
    {
        var device = PersistentDevices.Nic with { Identity = new PciIdentity(0x8086, 0x10d3) { ClassCode = new PciClassCode((uint)code) }, SerialNumberOffset = null };
        var line = UdevRuleWriter.Write(new PersistentBinding(device, "vfio-pci")).Split('\n').Last(line => line.StartsWith("RUN+=", StringComparison.Ordinal));
        var command = line["RUN+=\"/bin/sh -c '".Length..^"'\"".Length].Replace("$$", "$", StringComparison.Ordinal)
            .Replace("/sys/", $"{_fake.Root}/sys/", StringComparison.Ordinal).Replace("/dev/kmsg", $"{_fake.Root}/dev/kmsg", StringComparison.Ordinal);
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEnd();
        shell.WaitForExit();
        Assert.Equal("", errors);
        Assert.Equal(0, shell.ExitCode);
    }

    private string Read(string path) => File.Exists(_fake.PathOf(path)) ? File.ReadAllText(_fake.PathOf(path)) : "";
}
