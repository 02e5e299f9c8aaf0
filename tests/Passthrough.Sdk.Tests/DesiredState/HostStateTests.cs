using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.DesiredState;

/// <summary>The document: what it says, and the place of everything that it cannot say.</summary>
public sealed class HostStateTests
{
    private const string Everything = """
        {
          "version": 1,
          "devices": [
            { "select": { "address": "0000:01:00.0" } },
            { "select": { "vendor": "10de", "device": "2204", "subsystemVendor": "1043", "subsystemDevice": "87d9", "class": "0300" }, "count": 2, "driver": "vfio-pci", "when": "boot" },
            { "select": { "serialNumber": "52-54-00-ff-ff-12-34-56" }, "ensure": "absent" }
          ],
          "virtualFunctions": [
            {
              "select": { "address": "0000:02:00.0" }, "count": 2, "probeDrivers": false, "driver": "vfio-pci", "when": "now",
              "settings": [ { "index": 1, "macAddress": "52:54:00:00:00:01", "vlan": "100 qos 3", "trust": true, "spoofCheck": false } ]
            },
            { "select": { "address": "0000:03:00.0" }, "count": 0 }
          ],
          "mediatedDevices": [
            { "uuid": "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", "parent": "mtty", "type": "mtty-2", "startsAtBoot": true },
            { "uuid": "83b8f4f2-509f-382f-3c1e-e6bfe0fa1002", "ensure": "absent" }
          ],
          "parameters": [ { "parameter": "intel_iommu=on" }, { "parameter": "pci=noats", "ensure": "absent" } ],
          "hook": { "command": [ "/usr/bin/passthrough", "hook", "run", "--" ], "allowsOnFailure": true }
        }
        """;

    private static readonly HostState Built = new()
    {
        Devices =
        [
            new(DeviceSelector.At(PciAddress.Parse("0000:01:00.0"))),
            new(new DeviceSelector { VendorId = 0x10de, DeviceId = 0x2204, SubsystemVendorId = 0x1043, SubsystemDeviceId = 0x87d9, ClassPrefix = "0300" }) { Count = 2, Scope = StateScope.AtBoot },
            new(new DeviceSelector { SerialNumber = 0x525400ffff123456 }) { IsAbsent = true },
        ],
        VirtualFunctions =
        [
            new(DeviceSelector.At(PciAddress.Parse("0000:02:00.0")), 2)
            {
                ProbesDrivers = false,
                Driver = "vfio-pci",
                Scope = StateScope.Now,
                Settings = [new VirtualFunctionSettings { Index = 1, MacAddress = "52:54:00:00:00:01", Vlan = new VlanTag(100, 3), IsTrusted = true, ChecksSpoofing = false }],
            },
            new(DeviceSelector.At(PciAddress.Parse("0000:03:00.0")), 0),
        ],
        MediatedDevices =
        [
            new(Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001")) { Parent = "mtty", Type = "mtty-2", StartsAtBoot = true },
            new(Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1002")) { IsAbsent = true },
        ],
        Parameters = [new("intel_iommu=on"), new("pci=noats") { IsAbsent = true }],
        Hook = new() { Command = ["/usr/bin/passthrough", "hook", "run", "--"], AllowsOnFailure = true },
    };

    [Fact]
    public void A_document_says_what_can_be_built_and_the_other_way_round()
    {
        Assert.Equal(Built, HostState.Parse(Everything));
        Assert.Equal(Built, HostState.Parse(Built.ToJson()));
        Assert.Equal(new HostState(), HostState.Parse(new HostState().ToJson()));
        var absent = new HostState { Hook = new() { IsAbsent = true } };
        Assert.Equal(absent, HostState.Parse(absent.ToJson()));
    }

    [Theory]
    [InlineData("", "$", null, "not JSON")]
    [InlineData("[]", "$", "[]", "not an object")]
    [InlineData("{}", "$.version", null, "missing")]
    [InlineData("""{ "version": 2 }""", "$.version", "2", "version 1 only")]
    [InlineData("""{ "version": "1" }""", "$.version", "\"1\"", "whole number")]
    [InlineData("""{ "version": 1, "version": 1 }""", "$.version", "1", "twice")]
    [InlineData("""{ "version": 1, "device": [] }""", "$.device", "[]", "no property 'device'")]
    [InlineData("""{ "version": 1, "devices": {} }""", "$.devices", "{}", "not a list")]
    [InlineData("""{ "version": 1, "devices": [ { "driver": "vfio-pci" } ] }""", "$.devices[0].select", null, "missing")]
    [InlineData("""{ "version": 1, "devices": [ { "select": {} } ] }""", "$.devices[0].select", "{}", "every device")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "address": "01:00" } } ] }""", "$.devices[0].select.address", "\"01:00\"", "not a PCI address")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "vendor": "10dez" } } ] }""", "$.devices[0].select.vendor", "\"10dez\"", "four hexadecimal digits")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "serialNumber": "1" } } ] }""", "$.devices[0].select.serialNumber", "\"1\"", "16 hexadecimal digits")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "3" } } ] }""", "$.devices[0].select.class", "\"3\"", "not a class")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "03" }, "count": 0 } ] }""", "$.devices[0].count", "0", "at least one")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "03" }, "driver": "../x" } ] }""", "$.devices[0].driver", "\"../x\"", "name of a driver")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "03" }, "when": "later" } ] }""", "$.devices[0].when", "\"later\"", "always, now or boot")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "03" }, "ensure": "gone" } ] }""", "$.devices[0].ensure", "\"gone\"", "present or absent")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "03" }, "ensure": "absent", "driver": "vfio-pci" } ] }""", "$.devices[0].driver", "\"vfio-pci\"", "no meaning beside")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "03" } }, { "select": { "class": "03" }, "ensure": "absent" } ] }""", "$.devices[1].select", "\"class 03\"", "names the same already")]
    [InlineData("""{ "version": 1, "virtualFunctions": [ { "select": { "class": "02" } } ] }""", "$.virtualFunctions[0].count", null, "missing")]
    [InlineData("""{ "version": 1, "virtualFunctions": [ { "select": { "class": "02" }, "count": -1 } ] }""", "$.virtualFunctions[0].count", "-1", "not negative")]
    [InlineData("""{ "version": 1, "virtualFunctions": [ { "select": { "class": "02" }, "count": 1, "driver": "" } ] }""", "$.virtualFunctions[0].driver", "\"\"", "name of a driver")]
    [InlineData("""{ "version": 1, "virtualFunctions": [ { "select": { "class": "02" }, "count": 1, "probeDrivers": 1 } ] }""", "$.virtualFunctions[0].probeDrivers", "1", "true or false")]
    [InlineData("""{ "version": 1, "virtualFunctions": [ { "select": { "class": "02" }, "count": 1, "settings": [ { "index": 1 } ] } ] }""", "$.virtualFunctions[0].settings", null, "index from 0 to 0")]
    [InlineData("""{ "version": 1, "virtualFunctions": [ { "select": { "class": "02" }, "count": 1, "settings": [ { "index": 0, "macAddress": "53:00:00:00:00:00" } ] } ] }""", "$.virtualFunctions[0].settings", null, "multicast")]
    [InlineData("""{ "version": 1, "virtualFunctions": [ { "select": { "class": "02" }, "count": 1, "settings": [ { "index": 0, "vlan": "100 priority 3" } ] } ] }""", "$.virtualFunctions[0].settings[0].vlan", "\"100 priority 3\"", "not a VLAN")]
    [InlineData("""{ "version": 1, "devices": [ { "select": { "class": "02" } } ], "virtualFunctions": [ { "select": { "class": "02" }, "count": 1 } ] }""", "$.virtualFunctions[0].select", "\"class 02\"", "kept for guests")]
    [InlineData("""{ "version": 1, "mediatedDevices": [ { "uuid": "1" } ] }""", "$.mediatedDevices[0].uuid", "\"1\"", "not a UUID")]
    [InlineData("""{ "version": 1, "mediatedDevices": [ { "uuid": "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", "type": "a" } ] }""", "$.mediatedDevices[0].parent", null, "missing")]
    [InlineData("""{ "version": 1, "mediatedDevices": [ { "uuid": "83b8f4f2-509f-382f-3c1e-e6bfe0fa1001", "parent": "../x", "type": "a" } ] }""", "$.mediatedDevices[0].parent", "\"../x\"", "name in sysfs")]
    [InlineData("""{ "version": 1, "parameters": [ { "parameter": "a b" } ] }""", "$.parameters[0].parameter", "\"a b\"", "not a kernel parameter")]
    [InlineData("""{ "version": 1, "parameters": [ { "parameter": "quiet" }, { "parameter": "quiet" } ] }""", "$.parameters[1].parameter", "\"quiet\"", "twice")]
    [InlineData("""{ "version": 1, "parameters": [ { "parameter": "vfio-pci.ids=1:2" }, { "parameter": "vfio_pci.ids", "ensure": "absent" } ] }""", "$.parameters[1].parameter", "\"vfio_pci.ids\"", "opposite")]
    [InlineData("""{ "version": 1, "hook": { "command": [ "passthrough" ] } }""", "$.hook.command", null, "absolute path")]
    [InlineData("""{ "version": 1, "hook": { "ensure": "absent", "command": [] } }""", "$.hook.command", "[]", "no meaning beside")]
    [InlineData("""{ "version": 1, "hook": { "command": "/usr/bin/passthrough" } }""", "$.hook.command", "\"/usr/bin/passthrough\"", "not a list")]
    public void What_a_document_cannot_say_is_named_with_its_place_its_value_and_the_way_out(string json, string path, string? value, string words)
    {
        var error = Assert.Throws<HostStateException>(() => HostState.Parse(json));
        Assert.Equal((path, value), (error.Path, error.Value));
        Assert.StartsWith($"{path}: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_named_with_its_place()
    {
        Assert.All(
            new (string Json, string Path)[]
            {
                ("""{ "version": 1, "devices": [ { "select": { "class": "02" }, "driver": "\ud800" } ] }""", "$.devices[0].driver"),
                ("""{ "version": 1, "devices": [ { "select": { "class": "\udc00" } } ] }""", "$.devices[0].select.class"),
                ("""{ "version": 1, "\ud800": 1 }""", "$"),
                ("{ \"version\": 1, \"hook\": \"\ud800\" }", "$"),
            },
            each =>
            {
                var error = Assert.Throws<HostStateException>(() => HostState.Parse(each.Json));
                Assert.Equal(each.Path, error.Path);
                Assert.Contains("half of a surrogate pair", error.Message, StringComparison.Ordinal);
            });
        Assert.Equal("$.parameters[0].parameter", Assert.Throws<HostStateException>(new HostState { Parameters = [new("a=\ud800")] }.ToJson).Path);
        Assert.Equal("$.mediatedDevices[0].type", Assert.Throws<HostStateException>(new HostState { MediatedDevices = [new(Guid.Empty) { Parent = "mtty", Type = "\ud800" }] }.ToJson).Path);
        Assert.Equal("$.hook.command", Assert.Throws<HostStateException>(new HostState { Hook = new() { Command = ["/a", "\ud800"] } }.ToJson).Path);
    }

    [Fact]
    public void What_is_built_is_checked_as_what_is_read()
    {
        var state = new HostState { Devices = [new(new DeviceSelector())] };
        Assert.Equal("$.devices[0].select", Assert.Throws<HostStateException>(state.ToJson).Path);
    }

    [Fact]
    public void A_selector_knows_what_it_does_not_know()
    {
        var device = new PciDevice(PciAddress.Parse("0000:01:00.0")) { VendorId = 0x8086, ClassCode = new(0x020000) };
        Assert.True(new DeviceSelector { VendorId = 0x8086, ClassPrefix = "02" }.Matches(device));
        Assert.False(new DeviceSelector { VendorId = 0x8086, ClassPrefix = "0300" }.Matches(device));
        Assert.Null(new DeviceSelector { VendorId = 0x8086, DeviceId = 1 }.Matches(device));
        Assert.False(new DeviceSelector { VendorId = 0x8086, SubsystemVendorId = 1 }.Matches(device));
        Assert.Null(new DeviceSelector { SerialNumber = 1 }.Matches(device));
        Assert.False(new DeviceSelector { Address = PciAddress.Parse("0000:01:00.1"), SerialNumber = 1 }.Matches(device));
    }
}
