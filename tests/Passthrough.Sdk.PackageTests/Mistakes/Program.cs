using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

var host = PassthroughHost.Local();
PciAddress[] devices = [PciAddress.Parse("0000:01:00.0")];
using var libvirt = LibvirtConnection.Open("qemu:///system");
#if MISTAKES
var guest = libvirt.GetDomain("vm1");
host.Plan(devices, guest);
#else
using var guest = libvirt.GetDomain("vm1");
await host.Plan(devices, guest).ApplyAsync();
#endif
