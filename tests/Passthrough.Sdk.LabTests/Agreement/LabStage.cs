using System.Text;
using Passthrough.Agreement;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.LabTests.Agreement;

/// <summary>The lab's host. What it does is kept in /out/agreement, from where it becomes a transcript.</summary>
internal sealed class LabStage : Stage
{
    private LibvirtConnection? _libvirt;

    public LabStage() => Shell.Run("modprobe vfio-pci");

    public override string Platform => Environment.GetEnvironmentVariable("PASSTHROUGH_PLATFORM") ?? "";

    public override ISysfs Files => LinuxSysfs.Machine;

    public override IPassthroughHost Host { get; } = PassthroughHost.Local();

    public override ILibvirtConnection Libvirt => _libvirt ??= LibvirtConnection.Open("qemu:///system");

    public override int Write(string path, string text) => LinuxSysfs.Machine.TryWrite(path, Encoding.UTF8.GetBytes(text + "\n"));

    public override void Settle() => Shell.Run("udevadm settle");

    public override void Keep(string name, string transcript)
    {
        Directory.CreateDirectory("/out/agreement");
        File.WriteAllText($"/out/agreement/{name}.txt", transcript);
    }

    public override void Dispose()
    {
        _libvirt?.Dispose();
        LeftJournal.Clear();
    }
}
