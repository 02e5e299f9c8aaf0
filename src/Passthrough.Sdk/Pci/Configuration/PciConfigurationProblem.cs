namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One thing that kept a configuration space from being read as a whole.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Offset">Where in the space.</param>
/// <param name="Message">One sentence for a reader.</param>
public sealed record PciConfigurationProblem(PciConfigurationProblemKind Kind, int Offset, string Message);
