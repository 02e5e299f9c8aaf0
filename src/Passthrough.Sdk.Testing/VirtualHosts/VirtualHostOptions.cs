using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>Options for <see cref="VirtualHost.StartAsync"/>.</summary>
/// <remarks>A host copies and checks them when it starts; a later change of the object has no effect. Not thread-safe.</remarks>
public sealed class VirtualHostOptions
{
    /// <summary>Gets or sets the IOMMU of the machine. The default is <see cref="VirtualIommu.Vtd"/>.</summary>
    public VirtualIommu Iommu { get; set; } = VirtualIommu.Vtd;

    /// <summary>Gets or sets whether the IOMMU remaps interrupts. The default is true. Without an IOMMU, it has no effect.</summary>
    public bool InterruptRemapping { get; set; } = true;

    /// <summary>
    /// Gets or sets parameters for the kernel's command line, each as one word, such as <c>intel_iommu=off</c>. They come last, so that they
    /// override the others. The default is empty.
    /// </summary>
    public ValueList<string> KernelParameters { get; set; } = [];

    /// <summary>Gets or sets the memory of the machine in MiB, at least 512. The default is 4096.</summary>
    /// <remarks>Memory that the host does not use costs nothing on this machine. Files that are written in the host use it.</remarks>
    public int MemoryMiB { get; set; } = 4096;

    /// <summary>Gets or sets the number of emulated processors, from 1 to 64. The default is 1.</summary>
    /// <remarks>
    /// More than one makes few tests faster, because all are emulated. Occasionally, two emulated processors wait for each other forever;
    /// the kernel reports this after a minute (a soft lockup).
    /// </remarks>
    public int Processors { get; set; } = 1;

    /// <summary>Gets or sets the maximum time from the start of QEMU until the host takes commands. The default is five minutes.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets the maximum time of a command or a method for which <see cref="HostCommand.Timeout"/> does not name another. The default is five minutes.
    /// </summary>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Gets or sets the kernel as a file in the form <c>bzImage</c>, such as <c>/boot/vmlinuz-6.1.0-57-amd64</c>; its modules must be in
    /// <c>/lib/modules</c>. The default is null: the newest kernel of this machine that has its modules.
    /// </summary>
    public string? KernelPath { get; set; }

    /// <summary>Gets or sets the QEMU that emulates the machine. The default is null: <c>qemu-system-x86_64</c> from the PATH.</summary>
    public string? QemuPath { get; set; }

    /// <summary>
    /// Gets or sets a directory of this machine that the host sees, and can write, as <c>/out</c>. The default is null: <c>/out</c> disappears
    /// with the host.
    /// </summary>
    public string? ShareDirectory { get; set; }

    /// <summary>
    /// Gets or sets whether the drivers of the PCI devices are loaded before the host takes commands. The default is true. If it is false, the
    /// devices have no driver until the test loads one.
    /// </summary>
    public bool LoadDrivers { get; set; } = true;

    /// <summary>
    /// Gets or sets whether udevd, virtlogd and libvirtd run in the host (<c>qemu:///system</c>). The default is false. Their packages must be
    /// installed on this machine.
    /// </summary>
    public bool Libvirt { get; set; }

    /// <summary>Returns a copy that nobody else changes.</summary>
    internal VirtualHostOptions Copy() => (VirtualHostOptions)MemberwiseClone();

    /// <summary>Checks everything that needs no look at the machine.</summary>
    /// <exception cref="ArgumentException">A value is not possible.</exception>
    internal void Validate()
    {
        Require(Enum.IsDefined(Iommu), nameof(Iommu), Iommu, "use Vtd, AmdVi or None");
        Require(MemoryMiB is >= 512 and <= 1024 * 1024, nameof(MemoryMiB), MemoryMiB, "use a number of MiB from 512 to 1048576");
        Require(Processors is >= 1 and <= 64, nameof(Processors), Processors, "use a number from 1 to 64");
        Require(StartTimeout > TimeSpan.Zero && StartTimeout < TimeSpan.FromDays(1), nameof(StartTimeout), StartTimeout, "use a positive time of less than a day");
        Require(CommandTimeout > TimeSpan.Zero && CommandTimeout < TimeSpan.FromDays(1), nameof(CommandTimeout), CommandTimeout, "use a positive time of less than a day");
        foreach (var parameter in KernelParameters)
        {
            Require(
                parameter is { Length: > 0 } && !parameter.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter)),
                nameof(KernelParameters),
                parameter,
                "give each parameter as one word, for example \"intel_iommu=off\"");
        }

        RequirePath(KernelPath, nameof(KernelPath));
        RequirePath(QemuPath, nameof(QemuPath));
        RequirePath(ShareDirectory, nameof(ShareDirectory));
        Require(ShareDirectory is null || Directory.Exists(ShareDirectory), nameof(ShareDirectory), ShareDirectory, "create the directory first");
    }

    private static void RequirePath(string? path, string name) => Require(
        path is null || (Path.IsPathFullyQualified(path) && !path.Any(char.IsControl)), name, path, "give the complete path, without control characters");

    private static void Require(bool isValid, string name, object? value, string wayOut)
    {
        if (!isValid)
        {
            throw new ArgumentException($"VirtualHostOptions.{name} cannot be '{value}'; {wayOut}");
        }
    }
}
