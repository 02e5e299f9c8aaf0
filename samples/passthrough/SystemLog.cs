using System.Net.Sockets;
using System.Text;

namespace Passthrough.Cli;

/// <summary>The system's log, for what no terminal shows: a hook's standard error is lost unless it refuses.</summary>
internal static class SystemLog
{
    private const string Address = "/dev/log";
    private const int DaemonWarning = (3 << 3) | 4; // facility and severity, RFC 3164

    /// <summary>Writes a line; without a log, or with one that is full, nothing.</summary>
    public static void Warn(string message)
    {
        try
        {
            using var log = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
            log.SendTo(Encoding.UTF8.GetBytes($"<{DaemonWarning}>passthrough[{Environment.ProcessId}]: {message.ReplaceLineEndings(" ")}"), new UnixDomainSocketEndPoint(Address));
        }
        catch (SocketException)
        {
            // The answer matters, not the log: a host without one starts domains all the same.
        }
    }
}
