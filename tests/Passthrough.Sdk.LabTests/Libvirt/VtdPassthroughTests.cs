using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Libvirt;

/// <summary>Under Intel VT-d.</summary>
[LabHost(Iommu.Vtd)]
public sealed class VtdPassthroughTests : PassthroughScenarios;
