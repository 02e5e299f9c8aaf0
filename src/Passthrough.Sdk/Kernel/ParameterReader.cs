namespace Passthrough.Sdk.Kernel;

/// <summary>The readers of a parameter of the kernel's command line.</summary>
internal enum ParameterReader
{
    /// <summary>The kernel, which stops at a bare <c>--</c>. In a name, dash and underscore are the same to it.</summary>
    Kernel,

    /// <summary>
    /// kmod (modprobe, udev), which reads the whole of /proc/cmdline, what follows <c>--</c> included, and compares as it is written.
    /// </summary>
    Kmod,

    /// <summary>
    /// A parameter of a module, <c>module.parameter</c>: the kernel reads it for what is part of its image, kmod for what is loaded, and
    /// the kernel then takes it from the options of the module.
    /// </summary>
    Module,
}
