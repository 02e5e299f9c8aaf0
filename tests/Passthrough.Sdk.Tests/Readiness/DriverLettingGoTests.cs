using System.Collections.Immutable;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Explain;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>A driver that was told to let go and waits for its users: no driver is bound, and the device is in use all the same.</summary>
public sealed class DriverLettingGoTests
{
    private const string Card = "0000:06:00.0";
    private const string Blocked = "INFO: task rpc-worker:187 blocked for more than 120 seconds.";

    private static readonly OpenHandle Player = new(77, "player", "/dev/snd/controlC0 (deleted)");
    private static readonly OpenHandle Desktop = new(88, "desktop", "/dev/dri/card1 (deleted)");

    [Fact]
    public void Who_has_its_node_open_comes_first_and_explains_that_the_driver_waits()
    {
        var report = Snapshot(interrupts: true, Player, Desktop).CheckDevices([PciAddress.Parse(Card)]);

        var error = Assert.Single(report, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal((FindingIds.DeviceHasOpenHandles, "end these programs: player (77); then the driver releases the device"), (error.Id, error.Remedy));
        Assert.Equal(FindingIds.DeviceDriverBindFailed, Assert.Single(error.Consequences).Id);
    }

    [Fact]
    public void Without_anybody_who_is_seen_to_use_it_the_driver_has_not_let_go()
    {
        var report = Snapshot(interrupts: true, Desktop).CheckDevices([PciAddress.Parse(Card)]);

        var error = Assert.Single(report, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.DeviceDriverBindFailed, error.Id);
        Assert.Contains(error.Evidence, evidence => evidence.Source.EndsWith("msi_irqs", StringComparison.Ordinal));
    }

    [Fact]
    public void A_device_that_is_merely_enabled_without_a_driver_is_no_error()
    {
        var report = Snapshot(interrupts: false).CheckDevices([PciAddress.Parse(Card)]);

        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error);
        Assert.True(Assert.Single(report, finding => finding.Id == FindingIds.DeviceDriverBindFailed).IsUndetermined);
    }

    [Fact]
    public void What_the_kernel_says_of_the_wait_is_explained_by_who_has_the_node_open()
    {
        var explanation = Snapshot(interrupts: true, Player).Explain(new() { Text = Blocked }, new() { Devices = [PciAddress.Parse(Card)] });

        Assert.Equal((FindingIds.DeviceHasOpenHandles, false), (explanation.Cause!.Id, explanation.Cause.IsUndetermined));
        Assert.Contains("player (77)", explanation.Cause.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_is_seen_to_have_it_open_that_is_not_said_to_be_mended()
    {
        var explanation = Snapshot(interrupts: true).Explain(new() { Text = Blocked }, new() { Devices = [PciAddress.Parse(Card)] });

        Assert.Equal((FindingIds.DeviceDriverBindFailed, false), (explanation.Cause!.Id, explanation.Cause.IsUndetermined));
    }

    private static HostSnapshot Snapshot(bool interrupts, params ValueList<OpenHandle> orphans)
    {
        using var host = Hosts.Healthy().AddPciDevice(Card, vendor: 0x8086, device: 0x293e, @class: 0x040300, iommuGroup: 13)
            .WriteAttribute(Card, "enable", "1\n");
        if (interrupts)
        {
            host.WriteAttribute(Card, "msi_irqs/36", "msi\n");
        }

        var snapshot = PassthroughHost.At(host.Root).Capture(new CaptureOptions { DetailsOf = [PciAddress.Parse(Card)] });
        var usage = new HostUsage(ImmutableDictionary<PciAddress, DeviceUsage>.Empty, new DeviceUsage { OpenHandles = Fact.Known(ValueList.Create<OpenHandle>(), "/proc/*/fd") })
        {
            OrphanedHandles = Fact.Known(orphans, "/proc/*/fd"),
        };
        return Snapshots.With(snapshot, snapshot.System with { Usage = usage });
    }
}
