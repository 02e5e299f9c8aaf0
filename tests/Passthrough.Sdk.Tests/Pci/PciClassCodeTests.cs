using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class PciClassCodeTests
{
    [Theory]
    [InlineData(0x010601, "storage")]
    [InlineData(0x010802, "storage nvme")]
    [InlineData(0x010803, "storage")]
    [InlineData(0x020000, "network")]
    [InlineData(0x028000, "network")]
    [InlineData(0x030000, "display")]
    [InlineData(0x030200, "display")]
    [InlineData(0x040100, "audio")]
    [InlineData(0x040300, "audio")]
    [InlineData(0x040000, "")]
    [InlineData(0x0c0330, "usb")]
    [InlineData(0x0c0500, "")]
    [InlineData(0x060000, "host-bridge")]
    [InlineData(0x060400, "pci-bridge")]
    [InlineData(0x060940, "pci-bridge")]
    [InlineData(0x000000, "")]
    public void A_class_code_says_which_kind_of_device_it_is(uint value, string kinds)
    {
        var code = new PciClassCode(value);
        (bool Is, string Kind)[] answers =
        [
            (code.IsStorage, "storage"), (code.IsNvme, "nvme"), (code.IsNetwork, "network"), (code.IsDisplay, "display"), (code.IsAudio, "audio"),
            (code.IsUsbController, "usb"), (code.IsHostBridge, "host-bridge"), (code.IsPciBridge, "pci-bridge"),
        ];

        Assert.Equal(kinds, string.Join(' ', answers.Where(answer => answer.Is).Select(answer => answer.Kind)));
    }
}
