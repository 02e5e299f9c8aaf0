namespace Passthrough.Sdk.Testing;

/// <summary>A network interface of a fake host. One that nobody uses is down, as after the load of its driver.</summary>
internal sealed record FakeInterface(string Name, int Index, string? IpAddress, bool IsUp);
