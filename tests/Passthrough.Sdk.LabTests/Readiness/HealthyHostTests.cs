using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Readiness;

/// <summary>No false alarm: a healthy host is ready for whoever asks, and an ordinary user is told what he may not see.</summary>
public sealed class HealthyHostTests
{
    private const string Nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups ";
    private const string Nic = "0000:01:00.0";

    [Theory, LabHost(Iommu.Vtd)]
    [InlineData("", "")]
    [InlineData("", Nic)]
    [InlineData(Nobody, "")]
    [InlineData(Nobody, Nic)]
    public void VTd(string user, string device) => IsReadyFor(user, device);

    [Theory, LabHost(Iommu.AmdVi)]
    [InlineData("", "")]
    [InlineData("", Nic)]
    [InlineData(Nobody, "")]
    [InlineData(Nobody, Nic)]
    public void AMDVi(string user, string device) => IsReadyFor(user, device);

    [Fact, LabHost(Iommu.Vtd)]
    public void VTd_seen_by_an_ordinary_user_has_unknowns_with_their_reasons() => HasReasonsForNobody();

    [Fact, LabHost(Iommu.AmdVi)]
    public void AMDVi_seen_by_an_ordinary_user_has_unknowns_with_their_reasons() => HasReasonsForNobody();

    // Who may not look at other processes cannot tell whether one of them has the device open, and that could be an error.
    private static void IsReadyFor(string user, string device)
    {
        Shell.Run("modprobe vfio-pci");
        var isOpen = user.Length > 0 && device.Length > 0;
        var (code, output, errors) = Shell.Try($"{user}{CommandLine.Program} doctor {device}");
        Assert.True(code == (isOpen ? 1 : 0), $"exit code {code}: {output}{errors}");
        Assert.StartsWith(isOpen ? "cannot tell\n" : "ready\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("error:", output, StringComparison.Ordinal);
    }

    private static void HasReasonsForNobody()
    {
        Shell.Run("modprobe vfio-pci");
        var (nobody, root) = (AsNobody.Run(Check), Check());
        Assert.Null(nobody.IsReady);
        var denied = DeniedTo(nobody);
        Assert.NotEmpty(denied);
        Assert.All(denied, finding => Assert.NotEmpty(finding.Remedy));
        Assert.True(root.IsReady, string.Join("; ", root));
        Assert.Empty(DeniedTo(root));
    }

    private static ReadinessReport Check() =>
        PassthroughHost.Local().Capture(new() { DetailsOf = [Device.Nic], OpenHandles = true }).CheckDevices([Device.Nic]);

    // What cannot be told is neither yes nor no, and each says why it is not known.
    private static ValueList<Finding> DeniedTo(ReadinessReport report)
    {
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error);
        ValueList<Finding> undetermined = [.. report.Where(finding => finding.IsUndetermined)];
        Assert.All(undetermined, finding => Assert.Contains(finding.Evidence, evidence => evidence.Value.StartsWith("unknown: ", StringComparison.Ordinal) && evidence.Value.Length > "unknown: ".Length));
        return [.. undetermined.Where(finding => finding.Evidence.Any(evidence =>
            evidence.Value.Contains("permission denied", StringComparison.Ordinal) || evidence.Value.Contains("cannot be read", StringComparison.Ordinal)))];
    }
}
