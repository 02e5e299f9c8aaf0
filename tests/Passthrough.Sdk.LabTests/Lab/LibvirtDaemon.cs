namespace Passthrough.LabTests.Lab;

/// <summary>libvirtd of the lab's host, which tests/lab/services starts without a service manager.</summary>
internal static class LibvirtDaemon
{
    private const string Settings = "/etc/libvirt/qemu.conf";

    /// <summary>Starts it where it was killed, and waits until it answers.</summary>
    public static void Start() => Shell.Run(
        "rm -f /run/libvirtd.pid; libvirtd --daemon; until virsh -q -c qemu:///system version >/dev/null 2>&1; do sleep 0.2; done");

    /// <summary>Ends it in order and starts it again with one more line in its settings for QEMU; null: with those from before.</summary>
    public static void RestartWith(string? setting)
    {
        Shell.Run($"[ -e {Settings}.before ] || cp {Settings} {Settings}.before; cp {Settings}.before {Settings}");
        if (setting is not null)
        {
            File.AppendAllText(Settings, setting + "\n");
        }

        Shell.Run("id=$(cat /run/libvirtd.pid); kill $id; while [ -e /proc/$id ]; do sleep 0.1; done");
        Start();
    }
}
