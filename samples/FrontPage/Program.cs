using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

var host = PassthroughHost.Local();
var snapshot = host.Capture();
foreach (var finding in snapshot.CheckReadiness())
{
    Console.WriteLine($"{finding.Severity}: {finding.Title} - {finding.Remedy}");
}

var nic = snapshot.Devices[PciAddress.Parse("0000:01:00.0")];
using var libvirt = LibvirtConnection.Open("qemu:///system");
using var guest = libvirt.GetDomain("vm1");
var plan = host.Plan(nic, to: guest);
Console.WriteLine(plan);  // every step, every risk, before anything happens
await plan.ApplyAsync();  // journalled, verified, undone if a step fails
