using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>Runs a short program in a guest through its agent and returns its output (<c>guest-exec</c>, <c>guest-exec-status</c>).</summary>
internal static class GuestProgram
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs a script with the guest's <c>/bin/sh</c>.</summary>
    /// <exception cref="GuestSilentException">The agent does not answer, or the script has not ended before the deadline.</exception>
    /// <exception cref="PassthroughException">The script fails, the agent refuses a command, or its answer cannot be understood.</exception>
    public static async Task<string> RunAsync(GuestAgent agent, string script, CancellationToken cancellationToken)
    {
        var started = await agent.AskAsync(
            "guest-exec",
            arguments =>
            {
                arguments.WriteString("path", "/bin/sh");
                arguments.WriteStartArray("arg");
                arguments.WriteStringValue("-c");
                arguments.WriteStringValue(script);
                arguments.WriteEndArray();
                arguments.WriteBoolean("capture-output", true);
            },
            cancellationToken).ConfigureAwait(false);
        var process = GuestAnswer.Number(started, "pid") ?? throw new PassthroughException("the guest agent's answer to guest-exec names no process");
        while (true)
        {
            var status = await agent.AskAsync("guest-exec-status", arguments => arguments.WriteNumber("pid", process), cancellationToken).ConfigureAwait(false);
            if (GuestAnswer.IsTrue(status, "exited"))
            {
                return GuestAnswer.Number(status, "exitcode") == 0 && !GuestAnswer.IsTrue(status, "out-truncated")
                    ? Encoding.UTF8.GetString(GuestAnswer.Bytes(status, "out-data", "guest-exec-status"))
                    : throw new PassthroughException(
                        $"the guest cannot list its PCI devices: {GuestAgent.Printable(Encoding.UTF8.GetString(GuestAnswer.Bytes(status, "err-data", "guest-exec-status")).TrimEnd())}");
            }

            await agent.WaitAsync(Interval, cancellationToken).ConfigureAwait(false);
        }
    }
}
