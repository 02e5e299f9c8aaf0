using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Libvirt;

/// <summary>Under AMD-Vi.</summary>
[LabHost(Iommu.AmdVi)]
public sealed class AmdViPassthroughTests : PassthroughScenarios;
