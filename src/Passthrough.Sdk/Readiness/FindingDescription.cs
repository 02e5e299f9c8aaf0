namespace Passthrough.Sdk.Readiness;

/// <summary>What a finding means, whichever host it is found on: the text of its page under docs/findings.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record FindingDescription
{
    /// <summary>The finding's id, one of <see cref="FindingIds"/>.</summary>
    public required string Id { get; init; }

    /// <summary>How much it matters where it is established; a finding on a host may be milder, when it cannot tell.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>What is wrong, in half a sentence without a full stop.</summary>
    public required string Title { get; init; }

    /// <summary>Why it matters, and what a user meets who goes on regardless: libvirt's or the kernel's words, what breaks.</summary>
    public required string Meaning { get; init; }

    /// <summary>How it is told: the facts that are looked at, with their paths, and when the answer is "cannot tell".</summary>
    public required string Detection { get; init; }

    /// <summary>What mends it, in general; a finding's own <see cref="Finding.Remedy"/> fits its host.</summary>
    public required string Remedy { get; init; }
}
