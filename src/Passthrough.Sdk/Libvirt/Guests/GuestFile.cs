using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>Reads a small file of a guest through its agent (<c>guest-file-open</c>, <c>guest-file-read</c>, <c>guest-file-close</c>).</summary>
internal static class GuestFile
{
    private const int Block = 48 * 1024;

    private const int Longest = 1024 * 1024;

    /// <summary>Reads a file as text.</summary>
    /// <exception cref="GuestSilentException">The agent does not answer, or not before the deadline.</exception>
    /// <exception cref="PassthroughException">The file does not exist, the agent refuses a command, or its answer cannot be understood.</exception>
    public static async Task<string> ReadAsync(GuestAgent agent, string path, CancellationToken cancellationToken)
    {
        var opened = await agent.AskAsync("guest-file-open", arguments => arguments.WriteString("path", path), cancellationToken).ConfigureAwait(false);
        if (opened.ValueKind != JsonValueKind.Number || !opened.TryGetInt64(out var handle))
        {
            throw new PassthroughException("the guest agent's answer to guest-file-open is not a handle");
        }

        try
        {
            return await ReadAllAsync(agent, handle, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await CloseAsync(agent, handle).ConfigureAwait(false);
        }
    }

    private static async Task<string> ReadAllAsync(GuestAgent agent, long handle, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        while (content.Length <= Longest)
        {
            var part = await agent.AskAsync(
                "guest-file-read",
                arguments =>
                {
                    arguments.WriteNumber("handle", handle);
                    arguments.WriteNumber("count", Block);
                },
                cancellationToken).ConfigureAwait(false);
            var bytes = GuestAnswer.Bytes(part, "buf-b64", "guest-file-read");
            content.Write(bytes);
            if (bytes.Length == 0 || GuestAnswer.IsTrue(part, "eof"))
            {
                return Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
            }
        }

        throw new PassthroughException($"the guest agent's answer to guest-file-read is longer than {Longest} bytes");
    }

    // The file is the guest's and small: if it stays open there, that is no reason to lose its content.
    private static async Task CloseAsync(GuestAgent agent, long handle)
    {
        try
        {
            await agent.AskAsync("guest-file-close", arguments => arguments.WriteNumber("handle", handle), CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is GuestSilentException or PassthroughException)
        {
            // As above.
        }
    }
}
