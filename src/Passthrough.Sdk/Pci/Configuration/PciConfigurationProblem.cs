namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One problem that prevented reading a configuration space as a whole.</summary>
/// <param name="Kind">The kind of the problem.</param>
/// <param name="Offset">The offset in the configuration space, in bytes.</param>
/// <param name="Message">A sentence that describes the problem.</param>
public sealed record PciConfigurationProblem(PciConfigurationProblemKind Kind, int Offset, string Message);
