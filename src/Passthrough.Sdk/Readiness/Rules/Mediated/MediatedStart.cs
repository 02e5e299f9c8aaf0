using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host.MediatedDevices;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>Reports that nothing creates the mediated devices at boot: mdevctl is missing, or one of its files stops it.</summary>
internal sealed class MediatedStart : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.MediatedDeviceNoStarter,
            Severity = FindingSeverity.Warning,
            Title = "mediated devices are defined to be created at boot, but nothing creates them",
            Meaning =
                "A udev rule of the package mdevctl creates the defined devices when their parent appears. Without the rule, or if the "
                + "program that the rule runs does not exist, the files in /etc/mdevctl.d have no effect at boot. In Debian 12 the rule "
                + "runs /usr/sbin/mdevctl, but the package installs /usr/bin/mdevctl.",
            Detection =
                "60-mdevctl.rules is searched in the directories of udev, and the program that it names is looked for. The result is "
                + "\"cannot tell\" if these files cannot be read.",
            Remedy =
                "Install mdevctl. If its rule names a program that does not exist, create a link to the program "
                + "(ln -s /usr/bin/mdevctl /usr/sbin/mdevctl).",
        },
        new()
        {
            Id = FindingIds.MediatedDeviceDefinitionInvalid,
            Severity = FindingSeverity.Warning,
            Title = "a file in /etc/mdevctl.d is not a definition of a mediated device",
            Meaning =
                "mdevctl reads all files before it does anything. With one that it cannot read it lists and creates no mediated device at "
                + "all (Error: invalid json), and libvirt, which asks mdevctl, knows no defined mediated device either.",
            Detection = "Every file in /etc/mdevctl.d/PARENT with a UUID as its name is read as mdevctl reads it.",
            Remedy = "Correct the file, or move it to another directory. mdevctl list --defined prints all devices when every file is correct.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var status = context.System.MediatedDevices;
        foreach (var file in status.UnreadDefinitions)
        {
            yield return FindingFactory.OfHost(
                FindingIds.MediatedDeviceDefinitionInvalid,
                FindingSeverity.Warning,
                $"{file.Path} is not a definition that mdevctl can read: {file.Reason}",
                $"correct {file.Path}, or move it to another directory; then check with: mdevctl list --defined",
                new Evidence(file.Path, file.Reason));
        }

        if (status.Definitions.IsKnown && status.Definitions.Value.Count(definition => definition.IsAutomatic) is > 0 and var count
            && Starter(status.Starter, count == 1 ? "1 mediated device" : $"{count} mediated devices") is { } finding)
        {
            yield return finding;
        }
    }

    /// <summary>Returns the finding about the rule; null if it starts the devices.</summary>
    /// <param name="starter">The rule.</param>
    /// <param name="what">The devices in words.</param>
    internal static Finding? Starter(Fact<MediatedStarter> starter, string what) => starter switch
    {
        { IsUnknown: true } => FindingFactory.UndeterminedOfHost(
            FindingIds.MediatedDeviceNoStarter, $"whether anything creates {what} at boot", starter, FindingSeverity.Warning),
        { IsAbsent: true } => Finding($"nothing creates {what} at boot, although the definition requests it: the udev rule of mdevctl is missing",
            "install mdevctl (package mdevctl)", starter.ToEvidence()),
        { Value: { Program: { } program, Exists: false } rule } => Finding($"nothing creates {what} at boot, although the definition requests it: the udev rule of mdevctl runs {program}, which does not exist",
            program == "/usr/bin/mdevctl" ? "install mdevctl (package mdevctl)" : $"create a link to the program: ln -s /usr/bin/mdevctl {ShellArgument.Of(program)}", new Evidence(rule.Rule, program), new Evidence(program, "absent")),
        _ => null,
    };

    private static Finding Finding(string title, string remedy, params ReadOnlySpan<Evidence> evidence) =>
        FindingFactory.OfHost(FindingIds.MediatedDeviceNoStarter, FindingSeverity.Warning, title, remedy, evidence);
}
