using System.Runtime;
using Passthrough.Sdk;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing;

// What a user of the packages does first. The tests look for these lines.
var before = JitInfo.GetCompiledMethodCount();
var device = (PciHostDevice)HostDevice.Parse("<hostdev mode='subsystem' type='pci'><source><address bus='0x06'/></source></hostdev>");
var compiled = JitInfo.GetCompiledMethodCount() - before;
Console.WriteLine($"read {device.Address}");
Console.WriteLine($"compiled {compiled}");

using var fake = FakeHost.Create().AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3);
var snapshot = PassthroughHost.At(fake.Root).Capture();
Console.WriteLine($"captured {snapshot.Devices[PciAddress.Parse("0000:01:00.0")].Address}");
