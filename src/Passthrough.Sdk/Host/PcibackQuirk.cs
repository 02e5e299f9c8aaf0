using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>The fields of a device's configuration space that its guest may write, as pciback lists them.</summary>
/// <param name="Function">The device, as the kernel writes it here: without its domain, <c>01:00.0</c>.</param>
/// <param name="Fields">The fields, as the kernel writes them: offset in hexadecimal, size in bytes, mask in hexadecimal, <c>000000e0:2:00000000</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PcibackQuirk(string Function, ValueList<string> Fields);
