using System.Diagnostics;
using System.Net.Sockets;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.LibvirtTests.Remote;

/// <summary>A libvirtd of a test's own: it sees nothing of this machine's libvirt, and serves the test driver.</summary>
internal sealed class Daemon : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("passthrough-libvirtd-");
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="settings">Lines for libvirtd.conf.</param>
    /// <param name="prepare">Shell commands that run before it, as root, with /etc/sasl2 and the folders of libvirt empty.</param>
    public Daemon(string settings = "", string prepare = "")
    {
        Prerequisite.Root();
        Prerequisite.File("/usr/sbin/libvirtd", "libvirt-daemon");
        TestDriver.Require();
        File.WriteAllText(PathOf("libvirtd.conf"), $"""
            unix_sock_dir = "{_folder.FullName}"
            auth_unix_rw = "none"
            log_outputs = "3:file:{PathOf("log")}"
            {settings}
            """);
        File.WriteAllText(PathOf("start"), $"""
            set -e
            for each in /run /etc/libvirt /var/lib/libvirt /var/cache/libvirt /etc/sasl2; do mkdir -p $each; mount -t tmpfs none $each; done
            {prepare}
            exec libvirtd {(settings.Contains("listen_", StringComparison.Ordinal) ? "--listen" : "")} -f {PathOf("libvirtd.conf")} -p {PathOf("pid")}
            """);
        _process = Process.Start(new ProcessStartInfo("unshare", ["--mount", "bash", PathOf("start")]) { RedirectStandardError = true })!;
        _process.BeginErrorReadLine();
        for (var attempt = 0; !Listens(); attempt++)
        {
            Assert.False(attempt > 600 || _process.HasExited, $"libvirtd does not start: {(File.Exists(PathOf("log")) ? File.ReadAllText(PathOf("log")) : "it writes no log")}");
            Thread.Sleep(100);
        }
    }

    public string Uri => $"test+unix:///default?socket={PathOf("libvirt-sock")}";

    public LibvirtConnection Open(LibvirtConnectionOptions? options = null) => LibvirtConnection.Open(Uri, options);

    /// <summary>It answers nothing until <see cref="Continue"/>; its sockets stay open.</summary>
    public void Stop() => Signal("STOP");

    public void Continue() => Signal("CONT");

    public void Kill()
    {
        Signal("KILL");
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private bool Listens()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(PathOf("libvirt-sock")));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string PathOf(string file) => Path.Combine(_folder.FullName, file);

    private void Signal(string name)
    {
        // unshare and the shell have become the daemon.
        using var kill = Process.Start("bash", ["-c", $"kill -{name} {_process.Id}"])!;
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }
}
