using Passthrough.Sdk.Readiness;

namespace Passthrough.Cli;

/// <summary>Findings for people: what, the evidence, the remedy, and what it explains.</summary>
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
            foreach (var consequence in finding.Consequences)
            {
                Console.WriteLine($"  explains {consequence}");
            }
        }
    }
}
