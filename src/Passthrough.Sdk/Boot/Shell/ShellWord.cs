namespace Passthrough.Sdk.Boot.Shell;

/// <summary>A word as the shell reads it: what it stands for, or why that is not certain.</summary>
internal sealed class ShellWord
{
    public required int Start { get; init; }

    /// <summary>The offset behind the last byte of the word.</summary>
    public required int End { get; init; }

    /// <summary>The characters it stands for; meaningless where <see cref="Uncertain"/> is set.</summary>
    public required IReadOnlyList<ShellChar> Chars { get; init; }

    /// <summary>Why the value is not certain, and at which offset; null if it is.</summary>
    public required (int Offset, string Reason)? Uncertain { get; init; }

    /// <summary>Whether quotes, escapes or expansions occur in it.</summary>
    public required bool IsPlain { get; init; }

    /// <summary>The quoting that the word's last byte closes: text may be put in just before that byte.</summary>
    public required ShellQuote ClosedBy { get; init; }

    /// <summary>Whether an expansion stands outside of quotes: an argument of export would be split there by some shells.</summary>
    public required bool HasBareExpansion { get; init; }
}
