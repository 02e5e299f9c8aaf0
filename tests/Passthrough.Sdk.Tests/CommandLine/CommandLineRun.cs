using System.Diagnostics;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>One run of the command line: what it printed and how it ended.</summary>
internal sealed record CommandLineRun(int ExitCode, string Output, string Errors)
{
    /// <summary>The program that was built beside the tests.</summary>
    public static string Program { get; } =
        Repository.PathOf($"samples/passthrough/bin/{new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name}/net10.0/passthrough");

    /// <summary>Runs the program that was built beside the tests.</summary>
    public static Task<CommandLineRun> Of(IReadOnlyDictionary<string, string>? environment, params string[] arguments) => Run(environment, null, arguments);

    /// <summary>Runs it with a text on its stdin.</summary>
    public static Task<CommandLineRun> Piped(string input, params string[] arguments) => Run(null, input, arguments);

    public static Task<CommandLineRun> Of(params string[] arguments) => Of(null, arguments);

    private static async Task<CommandLineRun> Run(IReadOnlyDictionary<string, string>? environment, string? input, string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input is not null,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }

        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new(process.ExitCode, await output, await errors);
    }
}
