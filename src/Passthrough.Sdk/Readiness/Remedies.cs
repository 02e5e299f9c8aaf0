namespace Passthrough.Sdk.Readiness;

/// <summary>The way out of a finding is a clause in the finding and a sentence in the catalogue.</summary>
internal static class Remedies
{
    /// <summary>Makes a sentence of a clause: a capital letter, and a full stop.</summary>
    public static string Sentence(string clause) => $"{char.ToUpperInvariant(clause[0])}{clause[1..]}.";
}
