using Passthrough.Agreement;
using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Agreement;

/// <summary>The real host does what the transcripts say.</summary>
[LabHost(Iommu.Vtd)]
public sealed class LibvirtAgreementTests() : LibvirtScenarios(new LabStage());
