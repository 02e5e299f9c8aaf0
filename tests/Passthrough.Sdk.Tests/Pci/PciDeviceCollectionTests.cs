using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class PciDeviceCollectionTests
{
    [Fact]
    public void Functions_are_sorted_and_found_by_address_and_by_index()
    {
        var devices = Devices("0000:03:00.0", "0000:01:00.1", "0000:01:00.0");
        Assert.Equal(["0000:01:00.0", "0000:01:00.1", "0000:03:00.0"], devices.Select(device => device.Address.ToString()));
        Assert.Equal((FactState.Known, 3), (devices.State, devices.Count));
        Assert.Same(devices[1], devices[PciAddress.Parse("0000:01:00.1")]);
        Assert.False(devices.TryGet(PciAddress.Parse("0000:02:00.0"), out var none));
        Assert.Null(none);
        Assert.Throws<ArgumentException>(() => Devices("0000:01:00.0", "0000:01:00.0"));
    }

    [Theory]
    [InlineData("0000:03:00.1", "but its slot has 0000:03:00.0;")]
    [InlineData("0000:04:00.0", "it has 3 others;")]
    [InlineData("0001:03:00.0", "it has 3 others;")]
    public void An_address_that_does_not_exist_is_told_with_what_exists(string address, string reason)
    {
        var error = Assert.Throws<DeviceNotFoundException>(() => Devices("0000:01:00.0", "0000:01:00.1", "0000:03:00.0")[PciAddress.Parse(address)]);
        Assert.Equal(PciAddress.Parse(address), error.Address);
        Assert.StartsWith($"the host has no PCI function {address}: {reason}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FactState.Absent, "it has no PCI bus (/sys/bus/pci/devices does not exist)")]
    [InlineData(FactState.Unknown, "/sys/bus/pci/devices could not be read")]
    public void A_host_whose_functions_are_not_known_says_why(FactState state, string reason) =>
        Assert.Contains(reason, Assert.Throws<DeviceNotFoundException>(() => new PciDeviceCollection([], state)[PciAddress.Parse("0000:01:00.0")]).Message, StringComparison.Ordinal);

    private static PciDeviceCollection Devices(params string[] addresses) => new(addresses.Select(address => new PciDevice(PciAddress.Parse(address))));
}
