using Passthrough.Agreement;

namespace Passthrough.Sdk.Tests.Agreement;

/// <summary>The fake host does what the transcripts of the real one say.</summary>
public sealed class LibvirtAgreementTests() : LibvirtScenarios(new FakeStage());
