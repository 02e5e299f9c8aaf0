namespace Passthrough.Sdk.Kernel.Modules;

/// <summary>A module that the configuration of an initramfs tool names, so that the initramfs loads it before it looks for devices.</summary>
/// <param name="Name">The module, with underscores.</param>
/// <param name="Source">The file that names it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record InitramfsModule(string Name, string Source);
