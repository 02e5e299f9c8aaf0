using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

public sealed class MediatedDeviceRulesTests : IDisposable
{
    private const string Rule = "/lib/udev/rules.d/60-mdevctl.rules";

    private static readonly Guid Uuid = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
    private static readonly Guid Other = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1002");

    private readonly FakeHost _host = FakeHost.Create().AddSystem().AddPciDevice("0000:01:00.0", iommuGroup: 9)
        .WriteFile(Rule, "RUN+=\"/usr/sbin/mdevctl start-parent-mdevs %k\"\n").WriteFile("/usr/sbin/mdevctl", "");

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData(1, 1, FindingSeverity.Warning)]
    [InlineData(1, 2, FindingSeverity.Info)]
    [InlineData(2, 1, FindingSeverity.Info)]
    public void A_parent_that_is_not_a_pci_function_has_no_instance_left(int instances, int others, FindingSeverity severity)
    {
        _host.AddMediatedType("mtty", "mtty-2", instances).AddMediatedDevice("mtty", "mtty-2", Uuid)
            .AddMediatedType("mtty", "mtty-1", others).AddMediatedDevice("mtty", "mtty-1", Other);

        var finding = Find(FindingIds.MediatedDeviceNoInstance);

        Assert.Equal(severity, finding?.Severity);
        Assert.Contains("/sys/class/mdev_bus/mtty/mdev_supported_types/", finding!.Evidence[0].Source, StringComparison.Ordinal);
    }

    [Fact]
    public void A_host_that_does_as_defined_is_not_complained_about()
    {
        _host.AddMediatedType("mtty", "mtty-2", 4).AddMediatedDevice("mtty", "mtty-2", Uuid);
        Define("mtty", Uuid, "mtty-2", "auto");
        Define("mtty", Other, "mtty-2", "manual");

        Assert.DoesNotContain(Check(), finding => finding.Id.StartsWith("mediated-device", StringComparison.Ordinal));
        Assert.True(PassthroughHost.At(_host.Root).Capture().CheckReadiness().IsReady);
    }

    [Theory]
    [InlineData("mtty", "mtty-2", "no instance of mtty-2 is left", "mdevctl stop")]
    [InlineData("mtty", "mtty-1", "exists and has a free instance", "mdevctl start --uuid 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001 --parent mtty")]
    [InlineData("mtty", "mtty-9", "has no type mtty-9", "mdevctl types")]
    [InlineData("0000:00:02.0", "i915-GVTg_V5_4", "no device 0000:00:02.0 that creates", "load the driver")]
    public void A_device_that_was_not_created_at_boot_is_named_with_the_reason_and_the_drivers_words(string parent, string type, string why, string remedy)
    {
        var line = $"mtty: probe of {Uuid} failed with error -28";
        _host.AddMediatedType("mtty", "mtty-1", 1).AddMediatedType("mtty", "mtty-2", 1).AddMediatedDevice("mtty", "mtty-2", Other)
            .WriteFile("/var/log/dmesg", $"[    3.000000] {line}\n");
        Define(parent, Uuid, type, "auto");

        var finding = Find(FindingIds.MediatedDeviceNotStarted);

        Assert.Equal(FindingSeverity.Warning, finding?.Severity);
        Assert.Contains(why, finding!.Title, StringComparison.Ordinal);
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
        Assert.Contains(finding.Evidence, evidence => evidence.Source == $"/etc/mdevctl.d/{parent}/{Uuid}");
        Assert.Contains(finding.Evidence, evidence => evidence.Value == line);
    }

    [Theory]
    [InlineData(true, true, null)]
    [InlineData(true, false, "ln -s /usr/bin/mdevctl /usr/sbin/mdevctl")] // Debian 12
    [InlineData(false, false, "install mdevctl")]
    public void Nothing_creates_the_devices_at_boot(bool hasRule, bool hasProgram, string? remedy)
    {
        _ = hasRule ? _host : _host.Remove(Rule);
        _ = hasProgram ? _host : _host.Remove("/usr/sbin/mdevctl");
        _host.AddMediatedType("mtty", "mtty-2", 4).AddMediatedDevice("mtty", "mtty-2", Uuid);
        Assert.Null(Find(FindingIds.MediatedDeviceNoStarter)); // nothing is defined
        Define("mtty", Uuid, "mtty-2", "auto");

        var finding = Find(FindingIds.MediatedDeviceNoStarter);

        Assert.Equal(remedy is not null, finding is { Severity: FindingSeverity.Warning });
        Assert.Contains(remedy ?? "", finding?.Remedy ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_stops_mdevctl_is_named()
    {
        _host.WriteFile($"/etc/mdevctl.d/mtty/{Uuid}", "{}");

        var finding = Find(FindingIds.MediatedDeviceDefinitionInvalid);

        Assert.Contains($"/etc/mdevctl.d/mtty/{Uuid}", finding!.Title, StringComparison.Ordinal);
        Assert.Contains("no 'mdev_type'", finding.Title, StringComparison.Ordinal);
    }

    private void Define(string parent, Guid uuid, string type, string start) =>
        _host.WriteFile($"/etc/mdevctl.d/{parent}/{uuid}", $$"""{"mdev_type":"{{type}}","start":"{{start}}","attrs":[]}""");

    private ReadinessReport Check() => PassthroughHost.At(_host.Root).Capture().CheckReadiness();

    private Finding? Find(string id) => Check().SingleOrDefault(finding => finding.Id == id);
}
