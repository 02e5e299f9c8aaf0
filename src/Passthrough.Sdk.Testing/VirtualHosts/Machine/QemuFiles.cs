namespace Passthrough.Sdk.Testing;

/// <summary>The files of a virtual machine, as paths that QEMU opens.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Initramfs">Its first root.</param>
/// <param name="Disk">The NVMe disk.</param>
/// <param name="Console">Where the console goes.</param>
/// <param name="Output">Where the output of the commands goes.</param>
/// <param name="Errors">Where the errors of the commands go.</param>
internal sealed record QemuFiles(string Kernel, string Initramfs, string Disk, string Console, string Output, string Errors);
