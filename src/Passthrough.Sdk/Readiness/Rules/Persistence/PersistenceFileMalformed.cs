using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports a file that should configure a device for every boot and cannot be understood.</summary>
internal sealed class PersistenceFileMalformed : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.PersistenceFileMalformed,
            Severity = FindingSeverity.Warning,
            Title = "a file that should configure a device for every boot cannot be understood",
            Meaning =
                "A rule file of this library whose header was changed still has its effect at boot, but it can no longer be listed, "
                + "compared with the host or removed. A file of driverctl or Unraid with an invalid address has no effect.",
            Detection =
                "The headers of /etc/udev/rules.d/61-passthrough-*.rules, the names and contents of /etc/driverctl.d/pci-*, and the line "
                + "BIND= of Unraid's /boot/config/vfio-pci.cfg are read.",
            Remedy = "Correct the file, or delete it and run udevadm control --reload.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context) => context.System.Persistence.Problems.Select(problem => FindingFactory.OfHost(
        FindingIds.PersistenceFileMalformed,
        FindingSeverity.Warning,
        $"{problem.File} should configure a device for every boot and cannot be understood: {problem.Reason}",
        $"correct {problem.File}, or delete it and run udevadm control --reload",
        new Evidence(problem.File, problem.Reason)));
}
