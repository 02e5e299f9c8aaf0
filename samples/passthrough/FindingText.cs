using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli;

/// <summary>Prints findings for people: the problem, the evidence, the remedy, and the consequences.</summary>
internal static class FindingText
{
    public static void Write(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine(finding);
            foreach (var evidence in finding.Evidence)
            {
                Console.WriteLine($"  because {evidence.Source}: {evidence.Value}");
            }

            Console.WriteLine($"  remedy: {finding.Remedy}");
            if (finding is { Id: FindingIds.PlanUnfinished, IsUndetermined: false })
            {
                Console.WriteLine("  hint: passthrough recover undoes an unfinished plan");
            }

            foreach (var consequence in finding.Consequences)
            {
                Console.WriteLine($"  explains {consequence}");
            }
        }
    }
}
