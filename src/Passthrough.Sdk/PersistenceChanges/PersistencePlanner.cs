using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.PersistenceChanges;

/// <summary>Plans which rule files are written, replaced or removed, from a snapshot.</summary>
/// <param name="snapshot">The host, with the details of the devices.</param>
/// <param name="directory">The directory that contains the host's files.</param>
/// <param name="expected">The identities of the devices when the plan was made.</param>
internal sealed class PersistencePlanner(HostSnapshot snapshot, string directory, IReadOnlyDictionary<PciAddress, PciIdentity> expected)
{
    /// <summary>Returns the changes that bind devices at every boot, and the findings.</summary>
    /// <exception cref="PersistenceException">A device cannot be recognised at the next boot, or the driver's name is not one.</exception>
    public (ValueList<HostChange> Changes, ValueList<Finding> Findings) Bind(ValueList<PciAddress> devices, string driver)
    {
        var changes = new List<HostChange>();
        var findings = Judge(devices).ToList();
        foreach (var device in Context(devices).Devices)
        {
            if (HostDrivers.IsForGuests(driver) && new TextFile(directory, UdevRuleFile.PathOfVirtualFunctions(device.Address)).Read() is not null)
            {
                findings.Add(Both(device.Address, UdevRuleFile.PathOfVirtualFunctions(device.Address)));
            }

            Write(device.Address, UdevRuleFile.PathOfBinding(device.Address), UdevRuleWriter.Write(PersistentBinding.Of(device, driver)), changes, findings);
        }

        // What another driver takes at boot, the host loses at boot.
        ValueList<PciAddress> taken = [.. Context(devices).Devices.Where(device => device.Driver != driver || HostDrivers.IsForGuests(driver)).Select(device => device.Address)];
        if (!taken.IsEmpty)
        {
            findings.AddRange(ReadinessEngine.Run(ReadinessRules.OfBindingAtBoot, Context(taken)));
        }

        if (HostDrivers.IsForGuests(driver))
        {
            findings.AddRange(ReadinessEngine.Run(ReadinessRules.OfRuleFiles, Context(devices)));
        }

        return (changes.ToValueList(), findings.ToValueList());
    }

    /// <summary>Returns the change that creates virtual functions at every boot, and the findings.</summary>
    /// <exception cref="PersistenceException">The device cannot have that many.</exception>
    public (ValueList<HostChange> Changes, ValueList<Finding> Findings) CreateFunctions(PciAddress device, int count, bool probesDrivers)
    {
        var changes = new List<HostChange>();
        var findings = Judge([device]).ToList();
        if (IsBoundForGuests(device))
        {
            findings.Add(Both(device, UdevRuleFile.PathOfBinding(device)));
        }

        foreach (var function in Context([device]).Devices)
        {
            Write(device, UdevRuleFile.PathOfVirtualFunctions(device), UdevRuleWriter.Write(PersistentVirtualFunctions.Of(function, count, probesDrivers)), changes, findings);
        }

        return (changes.ToValueList(), findings.ToValueList());
    }

    /// <summary>Returns the changes that remove the rule files of devices, and the findings. The devices need not exist any longer.</summary>
    /// <param name="devices">The devices.</param>
    /// <param name="functions">Whether only the files that create virtual functions are removed, or only those that bind; null for both.</param>
    public (ValueList<HostChange> Changes, ValueList<Finding> Findings) Remove(ValueList<PciAddress> devices, bool? functions = null)
    {
        var changes = new List<HostChange>();
        var findings = new List<Finding>();
        foreach (var device in devices)
        {
            foreach (var (path, isOfFunctions) in new[] { (UdevRuleFile.PathOfBinding(device), false), (UdevRuleFile.PathOfVirtualFunctions(device), true) })
            {
                if (isOfFunctions != !functions && new TextFile(directory, path).Read() is { } now)
                {
                    changes.Add(new(PlanStepKind.WriteRuleFile, device, path, now, null));
                    findings.AddRange(Edited(device, path, now));
                }
            }

            findings.AddRange(OfOthers(device, FindingSeverity.Warning));
        }

        return (changes.ToValueList(), findings.ToValueList());
    }

    private void Write(PciAddress device, string path, string text, List<HostChange> changes, List<Finding> findings)
    {
        var now = new TextFile(directory, path).Read();
        if (now == text)
        {
            return;
        }

        changes.Add(new(PlanStepKind.WriteRuleFile, device, path, now, text));
        findings.AddRange(now is null ? [] : Edited(device, path, now));
    }

    private ReadinessContext Context(ValueList<PciAddress> devices) =>
        new(snapshot, snapshot.System.Environment.Xen.IsDom0.Value ? GuestKind.XenHvm : GuestKind.Qemu) { Addresses = devices, Expected = expected };

    private IEnumerable<Finding> Judge(ValueList<PciAddress> devices) =>
        ReadinessEngine.Run(ReadinessRules.OfAddresses, Context(devices)).Concat(devices.SelectMany(device => OfOthers(device, FindingSeverity.Error)));

    private static IEnumerable<Finding> Edited(PciAddress device, string path, string text)
    {
        if (!RuleHeader.IsSealed(text, out _))
        {
            yield return FindingFactory.Of(
                [device],
                FindingIds.PersistenceFileEdited,
                FindingSeverity.Error,
                $"{path} was edited after it was written, and the plan would lose the edits",
                $"check {path} and accept this finding, or keep the file",
                new Evidence(path, "its content does not match the hash in its header"));
        }
    }

    // A function that is bound for a guest at boot creates no virtual functions, and the other way round.
    private static Finding Both(PciAddress device, string file) => FindingFactory.Of(
        [device],
        FindingIds.PersistenceConflict,
        FindingSeverity.Error,
        $"{file} configures {device} too, and a function that a driver for guests has at boot creates no virtual functions",
        $"remove that first (PlanUnpersist, passthrough persist remove {device})",
        new Evidence(file, "present"));

    private bool IsBoundForGuests(PciAddress device) =>
        snapshot.System.Persistence.Devices is { IsKnown: true, Value: var all }
        && all.Any(each => each.Address == device && each.Origin == PersistenceOrigin.Passthrough && each.Driver is { } driver && HostDrivers.IsForGuests(driver));

    // A file that is named after a device is about that device. The device's own rule files are judged when they are read.
    private static bool MayConcern(string file, PciAddress device) =>
        file != UdevRuleFile.PathOfBinding(device) && file != UdevRuleFile.PathOfVirtualFunctions(device)
        && (PersistenceReader.AddressIn(file) is not { } other || other == device);

    // Another program's file decides about the same device, and is never changed. One that cannot be read or understood may do so.
    private IEnumerable<Finding> OfOthers(PciAddress device, FindingSeverity severity)
    {
        var configured = snapshot.System.Persistence.Devices;
        if (!configured.IsKnown)
        {
            yield return FindingFactory.Undetermined([device], FindingIds.PersistenceConflict, $"whether another file configures {device} for every boot", configured, severity);
            yield break;
        }

        foreach (var problem in snapshot.System.Persistence.Problems.Where(problem => MayConcern(problem.File, device)))
        {
            yield return FindingFactory.Undetermined(
                [device], FindingIds.PersistenceConflict, $"whether another file configures {device} for every boot", Fact.Unknown<string>(problem.File, problem.Reason), severity) with
            {
                Remedy = $"correct {problem.File}, or delete it and run udevadm control --reload",
            };
        }

        foreach (var other in configured.Value)
        {
            if (other.Address == device && other.Origin != PersistenceOrigin.Passthrough)
            {
                yield return FindingFactory.Of(
                    [device],
                    FindingIds.PersistenceConflict,
                    severity,
                    $"{other.File} binds {device} to {other.Driver} at every boot",
                    PersistenceConflict.RemovalOf(other),
                    new Evidence(other.File, other.Driver ?? "no driver"));
            }
        }
    }
}
