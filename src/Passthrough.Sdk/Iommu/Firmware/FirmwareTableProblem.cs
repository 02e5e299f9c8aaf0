namespace Passthrough.Sdk.Iommu.Firmware;

/// <summary>A problem in a firmware table: something violates its specification. The rest of the table was read.</summary>
/// <param name="Offset">The offset in the table, in bytes.</param>
/// <param name="Message">The description of what is wrong.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record FirmwareTableProblem(int Offset, string Message);
