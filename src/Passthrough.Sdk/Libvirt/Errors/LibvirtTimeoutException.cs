using System.Globalization;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The exception that is thrown when libvirt does not answer within the time that it was given.</summary>
/// <remarks>
/// Nothing can interrupt a call inside libvirt: it is still in progress, so a change that was requested may take effect later. Thread safety: immutable.
/// </remarks>
public sealed class LibvirtTimeoutException : LibvirtException
{
    /// <summary>Creates an exception as a call without an answer would throw it, for code that replaces libvirt in tests.</summary>
    /// <param name="message">The message, which says what failed, why, and what to do.</param>
    public LibvirtTimeoutException(string message)
        : base(message, LibvirtErrorCode.OperationTimeout, LibvirtErrorDomain.None, message)
    {
    }

    internal static LibvirtTimeoutException Of(string connection, string call, TimeSpan time) =>
        Of(connection, call, string.Create(CultureInfo.InvariantCulture, $"within {time.TotalSeconds:0.###} s"));

    internal static LibvirtTimeoutException OfPending(string connection, string call) => Of(connection, call, "yet");

    internal static LibvirtTimeoutException OfOpening(string connection, TimeSpan time) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"cannot connect to '{connection}': libvirt does not answer within {time.TotalSeconds:0.###} s; "
        + $"check that its daemon is running and not stopped (systemctl status libvirtd, or virtqemud), and that the host can be reached"));

    private static LibvirtTimeoutException Of(string connection, string call, string time) => new(
        $"libvirt at {connection} did not complete the call '{call}' {time}; the call is still in progress and may take effect later; "
        + "find out what libvirtd waits for (its log, virsh list), or restart it");
}
