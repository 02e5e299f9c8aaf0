using System.Collections.Immutable;

namespace Passthrough.Sdk.Boot;

/// <summary>What was done to the boot configuration, and can be undone.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record BootReceipt
{
    /// <summary>The name of the journal's entry; later ones sort behind earlier ones.</summary>
    public required string Id { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset AppliedAt { get; init; }

    /// <summary>The files that were changed, as the host itself writes their paths.</summary>
    public ImmutableArray<string> Files { get; init; } = [];

    /// <summary>The commands that were run, all with success.</summary>
    public ImmutableArray<BootCommand> CommandsRun { get; init; } = [];

    /// <summary>The commands that somebody still has to run: the root is not <c>/</c>, or one of them failed.</summary>
    public ImmutableArray<BootCommand> CommandsLeft { get; init; } = [];
}
