using System.Collections.Immutable;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Readiness;

/// <summary>No false alarm: a healthy host is ready for whoever asks, and an ordinary user is told what he may not see.</summary>
public sealed class HealthyHostTests
{
    private static readonly string Program = $"$DOTNET_ROOT/dotnet {Repository.PathOf("samples/passthrough/bin/Debug/net10.0/passthrough.dll")}";

    [Theory, LabHost(Iommu.Vtd)]
    [InlineData("")]
    [InlineData("setpriv --reuid 65534 --regid 65534 --clear-groups ")]
    public void VTd(string user) => IsReadyFor(user);

    [Theory, LabHost(Iommu.AmdVi)]
    [InlineData("")]
    [InlineData("setpriv --reuid 65534 --regid 65534 --clear-groups ")]
    public void AMDVi(string user) => IsReadyFor(user);

    [Fact, LabHost(Iommu.Vtd)]
    public void VTd_seen_by_an_ordinary_user_has_unknowns_with_their_reasons() => HasReasonsForNobody();

    [Fact, LabHost(Iommu.AmdVi)]
    public void AMDVi_seen_by_an_ordinary_user_has_unknowns_with_their_reasons() => HasReasonsForNobody();

    private static void IsReadyFor(string user)
    {
        Shell.Run("modprobe vfio-pci");
        var (code, output, errors) = Shell.Try($"{user}{Program} doctor");
        Assert.True(code == 0, $"exit code {code}: {output}{errors}");
        Assert.StartsWith("ready\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("error:", output, StringComparison.Ordinal);
    }

    private static void HasReasonsForNobody()
    {
        Shell.Run("modprobe vfio-pci");
        var denied = DeniedTo(AsNobody.Run(Check));
        Assert.NotEmpty(denied);
        Assert.All(denied, finding => Assert.NotEmpty(finding.Remedy));
        Assert.Empty(DeniedTo(Check()));
    }

    private static ReadinessReport Check() =>
        PassthroughHost.Local().Capture(new() { DetailsOf = [Device.Nic], OpenHandles = true }).CheckDevices([Device.Nic]);

    // The host is ready all the same: what cannot be told is neither yes nor no, and each says why it is not known.
    private static ImmutableArray<Finding> DeniedTo(ReadinessReport report)
    {
        Assert.True(report.IsReady, string.Join("; ", report));
        Assert.DoesNotContain(report, finding => finding.Severity == FindingSeverity.Error);
        ImmutableArray<Finding> undetermined = [.. report.Where(finding => finding.IsUndetermined)];
        Assert.All(undetermined, finding => Assert.Contains(finding.Evidence, evidence => evidence.Value.StartsWith("unknown: ", StringComparison.Ordinal) && evidence.Value.Length > "unknown: ".Length));
        return [.. undetermined.Where(finding => finding.Evidence.Any(evidence =>
            evidence.Value.Contains("permission denied", StringComparison.Ordinal) || evidence.Value.Contains("may not be looked at", StringComparison.Ordinal)))];
    }
}
