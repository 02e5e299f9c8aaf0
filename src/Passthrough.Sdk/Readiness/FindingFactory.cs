using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Readiness;

/// <summary>Creates findings.</summary>
internal static class FindingFactory
{
    // Facts of a part that the capture omitted have no source of their own.
    private const string WholeSystem = "HostSnapshot.System";

    /// <summary>Creates an established finding about devices.</summary>
    public static Finding Of(
        ValueList<PciAddress> devices, string id, FindingSeverity severity, string title, string remedy, params ReadOnlySpan<Evidence> evidence) =>
        new() { Id = id, Severity = severity, Title = title, Remedy = remedy, Evidence = [.. evidence], Devices = devices };

    /// <summary>Creates an established finding about the host, independent of a device.</summary>
    public static Finding OfHost(string id, FindingSeverity severity, string title, string remedy, params ReadOnlySpan<Evidence> evidence) =>
        Of([], id, severity, title, remedy, evidence);

    /// <summary>Creates the finding of a rule about the host that could not decide because a fact is unknown.</summary>
    public static Finding UndeterminedOfHost<T>(string id, string question, Fact<T> missing, FindingSeverity ifHeld = FindingSeverity.Error) =>
        Undetermined([], id, question, missing, ifHeld);

    /// <summary>Creates the finding of a rule about devices that could not decide because a fact is unknown.</summary>
    /// <param name="devices">The devices that the finding is about.</param>
    /// <param name="id">The finding's id.</param>
    /// <param name="question">The undecided question, beginning with <c>whether</c>.</param>
    /// <param name="missing">The fact that would decide it.</param>
    /// <param name="ifHeld">
    /// The severity that the finding would have if it held. As long as an error is possible the host is not reported as ready,
    /// so this is the
    /// default; a rule whose finding cannot be an error says so.
    /// </param>
    public static Finding Undetermined<T>(
        ValueList<PciAddress> devices, string id, string question, Fact<T> missing, FindingSeverity ifHeld = FindingSeverity.Error) => new()
    {
        Id = id,
        Severity = FindingSeverity.Info,
        PossibleSeverity = ifHeld,
        Title = $"cannot tell {question}: {Why(missing)}",
        Remedy = WayOut(missing),
        Evidence = [missing.ToEvidence()],
        IsUndetermined = true,
        Devices = devices,
    };

    /// <summary>Converts a fact to evidence.</summary>
    public static Evidence ToEvidence<T>(this Fact<T> fact) => new(fact.Source.Length > 0 ? fact.Source : WholeSystem, fact.State switch
    {
        FactState.Known => fact.Value?.ToString() ?? "",
        FactState.Absent => "absent",
        _ => $"unknown: {ReasonOf(fact)}",
    });

    private static string Why<T>(Fact<T> missing) => missing switch
    {
        { Source.Length: 0 } => "the capture did not read this part of the host",
        { IsAbsent: true } => $"{missing.Source} does not exist",
        _ => $"{missing.Source} is unknown ({ReasonOf(missing)})",
    };

    private static string WayOut<T>(Fact<T> missing) => missing switch
    {
        { Source.Length: 0 } => "capture the host itself with CaptureOptions.System",
        { IsAbsent: true } => $"check on the host itself; if {missing.Source} exists there, include it in the capture",
        _ => $"run as a user who can read {missing.Source}, or include it in the capture",
    };

    private static string ReasonOf<T>(Fact<T> fact) => fact.Reason is { Length: > 0 } reason ? reason : "not read";
}
