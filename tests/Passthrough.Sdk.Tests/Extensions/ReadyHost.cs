using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Extensions;

/// <summary>A fake host on which passthrough works.</summary>
internal static class ReadyHost
{
    public static FakeHost Create() => FakeHost.Create()
        .AddSystem()
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddNetworkInterface("0000:01:00.0", "enp1s0");
}
