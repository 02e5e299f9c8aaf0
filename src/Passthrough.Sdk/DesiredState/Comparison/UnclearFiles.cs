using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Files for every boot that cannot be understood. What they do at the next boot is unknown, also if everything else is as the state says.</summary>
internal static class UnclearFiles
{
    /// <summary>Returns why a file of this library cannot be understood; null if it can, or if it does not exist.</summary>
    public static string? WhyNot(StateComparison comparison, string file) => All(comparison).FirstOrDefault(problem => problem.File == file)?.Reason;

    /// <summary>Notes the files whose names say that they are about a function.</summary>
    /// <param name="comparison">What is noted.</param>
    /// <param name="device">The function.</param>
    /// <param name="except">The file that the caller compares itself.</param>
    public static void Tell(StateComparison comparison, PciAddress device, string except)
    {
        foreach (var problem in All(comparison).Where(problem => problem.File != except && PersistenceReader.AddressIn(problem.File) == device))
        {
            comparison.Tell(Unclear([device], problem, $"whether another file configures {device} for every boot"));
        }
    }

    /// <summary>Notes the files that may be about any function.</summary>
    public static void TellRest(StateComparison comparison)
    {
        foreach (var problem in All(comparison).Where(problem => PersistenceReader.AddressIn(problem.File) is null))
        {
            comparison.Tell(Unclear([], problem, "whether another file configures a device of the state for every boot"));
        }
    }

    private static ValueList<PersistenceProblem> All(StateComparison comparison) => comparison.Facts.Snapshot.System.Persistence.Problems;

    private static Finding Unclear(ValueList<PciAddress> devices, PersistenceProblem problem, string question) =>
        FindingFactory.Undetermined(devices, FindingIds.StateNotPersistent, question, Fact.Unknown<string>(problem.File, problem.Reason), FindingSeverity.Warning) with
        {
            Remedy = $"correct {problem.File}, or delete it and run udevadm control --reload",
        };
}
