using System.Collections.Immutable;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>What recovery made of one plan that a crash had left unfinished.</summary>
/// <param name="Domain">The domain of the plan.</param>
/// <param name="Devices">Its devices.</param>
/// <param name="NotUndone">Steps that could not be taken back; empty when everything is as it was before the plan.</param>
public sealed record AssignmentRecovery(string Domain, ImmutableArray<PciAddress> Devices, ImmutableArray<AssignmentStep> NotUndone);
