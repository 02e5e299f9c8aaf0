namespace Passthrough.Sdk.Readiness;

/// <summary>A step of passthrough with QEMU and KVM that has no place with another kind of guest (<see cref="ReadinessExtensions.StepsNotApplicable"/>).</summary>
/// <param name="Step">The step, as instructions for KVM name it: <c>the kernel's parameters intel_iommu= and iommu=</c>.</param>
/// <param name="Reason">The reason why it has no place, and what takes it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record InapplicableStep(string Step, string Reason);
