using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>Asks a domain for the PCI devices that its guest lists: every call of libvirt and every question to the agent before one deadline.</summary>
internal static class GuestInquiry
{
    private const string Source = "guest agent";

    /// <summary>Asks once.</summary>
    /// <param name="readLive">Reads the XML of the running domain; null if it does not run. It may block, and it may never return.</param>
    /// <param name="send">Sends a command to the agent, as <see cref="GuestAgent"/> says.</param>
    /// <param name="limit">The time for everything together.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The devices, or why they are unknown; and whether the agent may answer later.</returns>
    /// <exception cref="PassthroughException">libvirt refuses to describe the domain.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public static async Task<(Fact<GuestPciDevices> Answer, bool MayAnswerLater)> AskAsync(
        Func<string?> readLive, Func<string, int, string> send, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        string? live;
        try
        {
            live = await Offload.Run(readLive, CancellationToken.None).WaitAsync(limit > TimeSpan.Zero ? limit : TimeSpan.Zero, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return (Unknown("libvirt did not answer in time"), false);
        }

        if ((live is null ? "the domain is not running" : GuestChannel.WhySilent(live)) is { } reason)
        {
            return (Unknown(reason), false);
        }

        try
        {
            return (await GuestPciReader.ReadAsync(new(send, limit - time.GetElapsedTime(start), time), cancellationToken).ConfigureAwait(false), false);
        }
        catch (GuestSilentException e)
        {
            return (Unknown(e.Message), true);
        }
    }

    public static Fact<GuestPciDevices> Unknown(string reason) => Fact.Unknown<GuestPciDevices>(Source, reason);
}
