namespace Passthrough.Sdk.Testing;

/// <summary>A network interface of a fake host.</summary>
internal sealed record FakeInterface(string Name, int Index, string? IpAddress);
