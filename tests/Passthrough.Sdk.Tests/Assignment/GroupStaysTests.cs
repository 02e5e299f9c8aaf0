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
        var finding = Assert.Single(Guard(Live).Find([Sound]));

        Assert.Equal((FindingIds.GroupNotViable, FindingSeverity.Error), (finding.Id, finding.Severity));
        Assert.Contains("keeps 0000:01:00.0", finding.Title, StringComparison.Ordinal);
        Assert.False(PlanGuards.CanBeAccepted(finding));
    }

    [Fact]
    public void A_whole_group_comes_back_and_so_does_a_device_that_stays_reserved_or_whose_guest_does_not_run()
    {
        Assert.Empty(Guard(Live).Find([Display, Sound]));
        Assert.Empty(Guard(Live, staysForGuests: true).Find([Sound]));
        Assert.Empty(Guard("").Find([Sound]));
        Assert.Empty(Guard(Live).Find([PciAddress.Parse("0000:02:00.0")]));
    }

    [Theory]
    [InlineData(true, "vfio-pci", true)]
    [InlineData(true, "snd_hda_intel", false)] // it is with the host already
    [InlineData(false, "vfio-pci", false)] // nobody returns it
    public void A_device_that_the_guest_has_lost_does_not_come_back_either(bool isTakenByPlan, string driver, bool isRefused)
    {
        _fake.AddPciDevice("0000:01:00.2", iommuGroup: 7, driver: driver);
        var lost = PciAddress.Parse("0000:01:00.2");

        Assert.Equal(isRefused, !Guard(Live, isTakenByPlan: isTakenByPlan).Find([lost]).IsEmpty);
        Assert.Equal(isRefused, !Guard(Live, isTakenByPlan: isTakenByPlan, unplugs: false).Find([lost, Display, Sound]).IsEmpty);
    }

    [Fact]
    public void What_the_guest_keeps_until_it_ends_is_not_refused() => Assert.Empty(Guard(Live, unplugs: false).Find([Sound]));

    private GroupStays Guard(string live, bool staysForGuests = false, bool isTakenByPlan = false, bool unplugs = true) => new(PassthroughHost.At(_fake.Root).Capture(), live, "vm1")
    {
        StaysForGuests = _ => staysForGuests,
        IsTakenByPlan = _ => isTakenByPlan,
        Unplugs = unplugs,
    };
}
