using System.Diagnostics;

namespace Passthrough.Sdk.Tests.Pci;

/// <summary>The installed lspci, the oracle; PASSTHROUGH_LSPCI names another one.</summary>
internal static class Lspci
{
    public static readonly string Program = Environment.GetEnvironmentVariable("PASSTHROUGH_LSPCI") is { Length: > 0 } named ? named : "lspci";

    /// <summary>
    /// The option that keeps udev's hardware database out of the names: where lspci is built with it, it comes before
    /// pci.ids, and gives a card without a name the name of its chip.
    /// </summary>
    public static string[] NamesFromFileOnly => Run("-O", "help").Contains("hwdb.disable", StringComparison.Ordinal) ? ["-O", "hwdb.disable=1"] : [];

    /// <summary>What it prints; skips the test where it is not installed.</summary>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("no lspci on this machine (package pciutils)");
            throw;
        }

        using (process)
        {
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{Program} {string.Join(' ', arguments)}: {error.Result}");
            return output;
        }
    }
}
