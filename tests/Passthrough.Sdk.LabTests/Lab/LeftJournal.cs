using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Lab;

/// <summary>What a scenario that failed half way leaves in the journal, which would refuse whatever comes after it.</summary>
internal static class LeftJournal
{
    /// <summary>Takes back what is left, and removes what cannot be. The scenario's domains are gone by now.</summary>
    public static void Clear()
    {
        if (HostPicture.Entries().Length > 0)
        {
            Shell.Try($"{CommandLine.Program} recover");
            Shell.Run($"rm -rf {new PlanOptions().JournalDirectory}/*.json");
        }
    }
}
