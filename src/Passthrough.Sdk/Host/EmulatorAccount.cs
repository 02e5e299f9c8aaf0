using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The account under which libvirt's system daemon starts emulators.</summary>
/// <param name="Name">Its name, <c>libvirt-qemu</c>, <c>qemu</c>, <c>root</c>.</param>
/// <param name="UserId">Its number.</param>
/// <param name="GroupIds">The groups it is started with, the configured one first.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record EmulatorAccount(string Name, uint UserId, ValueList<uint> GroupIds);
