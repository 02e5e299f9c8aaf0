using System.Buffers;
using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>The agent in a guest: commands and their answers, all before one deadline.</summary>
/// <param name="send">Sends a command and returns the answer; the number is its time-out in seconds. It may block, and it may never return.</param>
/// <param name="limit">The time for all commands together.</param>
/// <param name="time">The clock.</param>
internal sealed class GuestAgent(Func<string, int, string> send, TimeSpan limit, TimeProvider time)
{
    // libvirt's own, for the synchronisation with the agent.
    private const int LongestCommand = 5;

    private readonly long _start = time.GetTimestamp();

    /// <summary>Whether the deadline has passed.</summary>
    public bool IsOver => Remaining <= TimeSpan.Zero;

    private TimeSpan Remaining => limit - time.GetElapsedTime(_start);

    /// <summary>Asks and returns what the agent returned.</summary>
    /// <param name="command">The name of the command.</param>
    /// <param name="arguments">Writes its arguments; null for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GuestSilentException">The agent does not answer, or not before the deadline.</exception>
    /// <exception cref="PassthroughException">The agent or libvirt refuses the command, or the answer cannot be understood.</exception>
    public async Task<JsonElement> AskAsync(string command, Action<Utf8JsonWriter>? arguments, CancellationToken cancellationToken)
    {
        var remaining = Remaining;
        if (remaining <= TimeSpan.Zero)
        {
            throw new GuestSilentException("the guest agent did not answer in time");
        }

        var text = Write(command, arguments);
        var seconds = (int)Math.Clamp(Math.Ceiling(remaining.TotalSeconds), 1, LongestCommand);
        try
        {
            return Read(command, await Offload.Run(() => send(text, seconds), CancellationToken.None).WaitAsync(remaining, time, cancellationToken).ConfigureAwait(false));
        }
        catch (TimeoutException)
        {
            throw new GuestSilentException("the guest agent did not answer in time");
        }
        catch (LibvirtException e) when (e.Code is LibvirtErrorCode.AgentUnresponsive or LibvirtErrorCode.AgentUnsynced or LibvirtErrorCode.OperationTimeout)
        {
            throw new GuestSilentException(Printable(e.NativeMessage));
        }
        catch (LibvirtException e)
        {
            throw new PassthroughException(Printable(e.NativeMessage), e);
        }
    }

    /// <summary>Waits, but not beyond the deadline.</summary>
    public Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        var remaining = Remaining;
        return Task.Delay(delay < remaining ? delay : remaining < TimeSpan.Zero ? TimeSpan.Zero : remaining, time, cancellationToken);
    }

    /// <summary>Returns a text of the guest without what could control a terminal, and not longer than a line.</summary>
    public static string Printable(string text)
    {
        const int Longest = 300;
        var clean = string.Concat(text.Take(Longest).Select(c => char.IsControl(c) ? '?' : c));
        return text.Length > Longest ? clean + "..." : clean;
    }

    private static string Write(string command, Action<Utf8JsonWriter>? arguments)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("execute", command);
            if (arguments is not null)
            {
                json.WriteStartObject("arguments");
                arguments(json);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static JsonElement Read(string command, string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (GuestAnswer.Find(document.RootElement, "return") is { } value)
            {
                return value.Clone();
            }
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            // As an answer without what was asked for.
        }

        throw new PassthroughException($"the guest agent's answer to {command} cannot be understood: {Printable(answer)}");
    }
}
