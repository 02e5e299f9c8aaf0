namespace Passthrough.Sdk.Readiness;

/// <summary>Describes a finding independently of a host: the text of its page under docs/findings.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record FindingDescription
{
    /// <summary>Gets the finding's id, one of <see cref="FindingIds"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Gets the severity of an established finding; on a host it may be lower, for example if the finding is
    /// undetermined.</summary>
    public required FindingSeverity Severity { get; init; }

    /// <summary>Gets a description of what is wrong, as a clause without a full stop.</summary>
    public required string Title { get; init; }

    /// <summary>Gets the reason why the finding matters, and what happens if the user continues anyway: the messages of libvirt or the kernel, what
    /// breaks.</summary>
    public required string Meaning { get; init; }

    /// <summary>
    /// Gets a description of how the finding is detected: the facts that are checked, with their paths, and when the result is
    /// "cannot tell".
    /// </summary>
    public required string Detection { get; init; }

    /// <summary>Gets the general instruction that fixes the problem; the <see cref="Finding.Remedy"/> of a finding fits its host.</summary>
    public required string Remedy { get; init; }
}
