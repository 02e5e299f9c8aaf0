using Passthrough.Sdk.BootChanges.History;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.BootChanges;

/// <summary>The change that a plan reverts: the latest one that has not been reverted, whether it was completed or not.</summary>
/// <param name="Name">Its name in the history.</param>
/// <param name="Change">The change.</param>
/// <param name="Unfinished">The journal's entry of a plan that did not finish with it; null if there is none.</param>
internal sealed record BootTarget(string Name, BootHistoryEntry Change, JournalEntry? Unfinished)
{
    /// <summary>Finds the change; null if there is none to revert. A change that ended before its first write does not count.</summary>
    public static BootTarget? Find(BootHistory history, Func<string, JournalEntry?> unfinished)
    {
        foreach (var (name, change) in history.Standing())
        {
            if (!history.NeverBegan(change))
            {
                return new(name, change, unfinished(name));
            }
        }

        return null;
    }
}
