using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// The exception that is thrown when a <see cref="VirtualHost"/> does not start, ends by itself, or does not answer. The message contains what
/// QEMU reported and the end of the host's console.
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public class VirtualHostException : PassthroughException
{
    internal VirtualHostException(string message, string console, string qemuErrors)
        : base(WithConsole(message, console, qemuErrors)) => (Console, QemuErrors) = (console, qemuErrors);

    private protected VirtualHostException(string message)
        : base(message) => (Console, QemuErrors) = ("", "");

    /// <summary>Gets the text of the host's console; empty if it did not start.</summary>
    public string Console { get; }

    /// <summary>Gets what QEMU wrote to its standard error; empty if it wrote nothing.</summary>
    public string QemuErrors { get; }

    /// <summary>Gets whether the host's kernel ended because two emulated processors waited for each other (a soft lockup).</summary>
    /// <remarks>It happens occasionally, mostly on a busy machine with <see cref="VirtualHostOptions.Processors"/> above 1. Start another host.</remarks>
    public bool IsSoftLockup => Console.Contains("soft lockup", StringComparison.Ordinal);

    private static string WithConsole(string message, string console, string qemuErrors)
    {
        const int lines = 20;
        var all = console.TrimEnd().Split('\n');
        var end = string.Join('\n', all[Math.Max(0, all.Length - lines)..]).Replace("\r", "", StringComparison.Ordinal);
        return (qemuErrors.Trim(), end) switch
        {
            ("", "") => message,
            ("", _) => $"{message}\nThe end of its console:\n{end}",
            (var errors, "") => $"{message}\nQEMU reported: {errors}",
            var (errors, _) => $"{message}\nQEMU reported: {errors}\nThe end of its console:\n{end}",
        };
    }
}
