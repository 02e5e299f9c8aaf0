using System.Collections.Immutable;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Readiness;

/// <summary>Short ways to write findings.</summary>
internal static class FindingFactory
{
    /// <summary>An established finding.</summary>
    public static Finding Of(string id, FindingSeverity severity, string title, string remedy, params ReadOnlySpan<Evidence> evidence) =>
        new() { Id = id, Severity = severity, Title = title, Remedy = remedy, Evidence = [.. evidence] };

    /// <summary>A rule that could not be decided, since a fact is unknown.</summary>
    public static Finding Undetermined<T>(string id, string question, Fact<T> missing) => new()
    {
        Id = id,
        Severity = FindingSeverity.Info,
        Title = $"cannot tell {question}: {missing.Source} is unknown ({(missing.IsAbsent ? "absent" : missing.Reason ?? "not read")})",
        Remedy = $"run as a user who can read {missing.Source}, or capture it with the rest",
        Evidence = [missing.ToEvidence()],
        IsUndetermined = true,
    };

    /// <summary>A fact as evidence.</summary>
    public static Evidence ToEvidence<T>(this Fact<T> fact) => new(fact.Source, fact.State switch
    {
        FactState.Known => fact.Value?.ToString() ?? "",
        FactState.Absent => "absent",
        _ => $"unknown: {fact.Reason}",
    });
}
