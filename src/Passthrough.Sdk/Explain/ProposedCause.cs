namespace Passthrough.Sdk.Explain;

/// <summary>A cause that a message suggests.</summary>
/// <param name="Id">The finding's id.</param>
/// <param name="IsCertain">Whether the message proves the cause, so that no fact of the host is needed.</param>
/// <param name="Title">
/// The description of what is wrong, with names of the message in braces; null for the title of the finding's description.
/// </param>
/// <param name="Remedy">
/// The instruction that fixes it, with names in braces as in the title; null for the remedy of the finding's description.
/// </param>
internal sealed record ProposedCause(string Id, bool IsCertain = false, string? Title = null, string? Remedy = null)
{
    /// <summary>Gets the check that distinguishes this cause from others of the same message; null if there is none.</summary>
    public CauseTest? Test { get; init; }

    /// <summary>Gets the fact that proved it; null if there is none.</summary>
    public Readiness.Evidence? Proof { get; init; }
}
