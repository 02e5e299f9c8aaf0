using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Passthrough.Sdk.Testing;

public sealed partial class VirtualHost
{
    /// <summary>Runs a method of the test program in the host as root, in a process of its own, and waits for its end.</summary>
    /// <param name="method">
    /// A static method, or a lambda that uses no variable from outside. It returns nothing, a string, a <see cref="Task"/> or a
    /// <c>Task&lt;string&gt;</c>, and its parameters are strings.
    /// </param>
    /// <param name="arguments">The values of its parameters.</param>
    /// <returns>The text that it returned, and what it wrote.</returns>
    /// <remarks>
    /// The host starts the test program again with its own dependencies and its own runtime, and instead of the program's entry point it calls
    /// the method. Static fields have their initial values there.
    /// </remarks>
    /// <exception cref="ArgumentException">The method cannot run in another process, or the arguments do not fit its parameters.</exception>
    /// <exception cref="HostMethodException">The method threw an exception, or ended its process.</exception>
    /// <exception cref="HostCommandException">The method exceeded <see cref="VirtualHostOptions.CommandTimeout"/> and was killed.</exception>
    /// <exception cref="InvalidOperationException">The test program cannot be started again: it is a single file, or has switched off startup hooks.</exception>
    /// <exception cref="VirtualHostException">The host has ended.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed.</exception>
    [RequiresUnreferencedCode(HostMethod.NeedsReflection)]
    [RequiresDynamicCode(HostMethod.NeedsReflection)]
    public Task<MethodResult> RunAsync(Delegate method, params IEnumerable<string> arguments) => RunAsync(method, arguments, CancellationToken.None);

    /// <summary>Runs a method of the test program in the host as root, in a process of its own, and waits for its end.</summary>
    /// <param name="method">The method; see <see cref="RunAsync(Delegate, IEnumerable{string})"/>.</param>
    /// <param name="arguments">The values of its parameters.</param>
    /// <param name="cancellationToken">Kills the process of the method. The host takes further commands.</param>
    /// <returns>The text that it returned, and what it wrote.</returns>
    /// <exception cref="ArgumentException">The method cannot run in another process, or the arguments do not fit its parameters.</exception>
    /// <exception cref="HostMethodException">The method threw an exception, or ended its process.</exception>
    /// <exception cref="HostCommandException">The method exceeded <see cref="VirtualHostOptions.CommandTimeout"/> and was killed.</exception>
    /// <exception cref="InvalidOperationException">The test program cannot be started again: it is a single file, or has switched off startup hooks.</exception>
    /// <exception cref="VirtualHostException">The host has ended.</exception>
    /// <exception cref="ObjectDisposedException">The host was disposed.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    [RequiresUnreferencedCode(HostMethod.NeedsReflection)]
    [RequiresDynamicCode(HostMethod.NeedsReflection)]
    public async Task<MethodResult> RunAsync(Delegate method, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var call = MethodCall.Of(method, arguments);
        var program = TestProgram.Command();
        var mark = $"{_nonce}:result:";
        var command = new HostCommand(program[0], program[1..])
        {
            Directory = Environment.CurrentDirectory,
            Environment =
            [
                .. call.Variables(mark),
                $"DOTNET_ROOT={Path.GetDirectoryName(program[0])}",
                // Under emulation, code that counts its own calls costs more than better code gains.
                "DOTNET_TieredPGO=0",
                "DOTNET_gcServer=0",
            ],
        };
        var result = await RunAsync(command, cancellationToken).ConfigureAwait(false);
        var (output, answer) = Split(result.Output, mark);
        return answer switch
        {
            null => throw new HostMethodException(
                string.Create(CultureInfo.InvariantCulture, $"{call.Name} did not return in the virtual host: its process ended with exit code {result.ExitCode}."), output, result.Errors),
            { Type: { } type } => throw new HostMethodException($"{call.Name} failed in the virtual host with {type}: {answer.Message}\nThere:\n{answer.Text}", output, result.Errors)
            {
                OriginalType = type,
                OriginalMessage = answer.Message,
                OriginalText = answer.Text,
            },
            _ => new(answer.Value, output, result.Errors, result.Duration),
        };
    }

    private static (string Output, MethodAnswer? Answer) Split(string output, string mark)
    {
        var start = output.LastIndexOf(mark, StringComparison.Ordinal);
        var end = start < 0 ? -1 : output.IndexOf('\n', start);
        return end < 0
            ? (output, null)
            : (string.Concat(output.AsSpan(0, start), output.AsSpan(end + 1)), MethodAnswer.Read(output[(start + mark.Length)..end]));
    }
}
