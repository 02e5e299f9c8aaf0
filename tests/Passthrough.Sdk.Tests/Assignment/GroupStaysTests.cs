using Passthrough.Sdk.Assignment.Guards;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans.Guards;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Assignment;

public sealed class GroupStaysTests : IDisposable
{
    private static readonly PciAddress Display = PciAddress.Parse("0000:01:00.0");
    private static readonly PciAddress Sound = PciAddress.Parse("0000:01:00.1");

    private static readonly string Live =
        $"<domain type='kvm'><devices>{new PciHostDevice { Address = Display, Managed = true }.ToXml()}{new PciHostDevice { Address = Sound, Managed = true }.ToXml()}</devices></domain>";

    private readonly FakeHost _fake = FakeHost.Create();

    public GroupStaysTests() => _fake.AddPciDevice("0000:01:00.0", iommuGroup: 7).AddPciDevice("0000:01:00.1", iommuGroup: 7).AddPciDevice("0000:02:00.0", iommuGroup: 8);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_device_does_not_come_back_while_the_running_guest_keeps_another_of_its_group()
    {
        var finding = Assert.Single(GroupStays.Find(PassthroughHost.At(_fake.Root).Capture(), [Sound], Live, "vm1", _ => false));

        Assert.Equal((FindingIds.GroupNotViable, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("keeps 0000:01:00.0", finding.Title, StringComparison.Ordinal);
        Assert.False(PlanGuards.CanBeAccepted(finding));
    }

    [Fact]
    public void A_whole_group_comes_back_and_so_does_a_device_that_stays_reserved_or_whose_guest_does_not_run()
    {
        var snapshot = PassthroughHost.At(_fake.Root).Capture();

        Assert.Empty(GroupStays.Find(snapshot, [Display, Sound], Live, "vm1", _ => false));
        Assert.Empty(GroupStays.Find(snapshot, [Sound], Live, "vm1", _ => true));
        Assert.Empty(GroupStays.Find(snapshot, [Sound], "", "vm1", _ => false));
        Assert.Empty(GroupStays.Find(snapshot, [PciAddress.Parse("0000:02:00.0")], Live, "vm1", _ => false));
    }
}
