namespace Passthrough.Sdk.Explain;

/// <summary>A cause that a message proposes.</summary>
/// <param name="Id">The finding's id.</param>
/// <param name="IsCertain">Whether the message leaves no doubt, so that it needs no fact of the host beside it.</param>
/// <param name="Title">What is wrong, with names of the message in braces; null: the description of the finding.</param>
/// <param name="Remedy">What mends it, likewise; null: the description of the finding.</param>
internal sealed record ProposedCause(string Id, bool IsCertain = false, string? Title = null, string? Remedy = null);
