using System.Diagnostics;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.LibvirtTests.Native;

/// <summary>Has the C compiler judge statements against the installed headers.</summary>
internal static class CProgram
{
    public static void Require()
    {
        Prerequisite.Program("gcc", "gcc libc6-dev");
        Prerequisite.File("/usr/include/libvirt/libvirt.h", "libvirt-dev");
    }

    /// <summary>Compiles the assertions; the compiler's complaints, or nothing.</summary>
    public static async Task<string> Complaints(IEnumerable<string> assertions)
    {
        var program = $"""
            #include <stddef.h>
            #include <libvirt/libvirt.h>
            #include <libvirt/virterror.h>
            {string.Join('\n', assertions.Select(each => $"_Static_assert({each}, \"{each.Replace("\"", "'", StringComparison.Ordinal)}\");"))}
            """;
        var start = new ProcessStartInfo("gcc", ["-x", "c", "-std=c11", "-fsyntax-only", "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C";
        using var gcc = Process.Start(start)!;
        await gcc.StandardInput.WriteAsync(program);
        gcc.StandardInput.Close();
        var complaints = await gcc.StandardError.ReadToEndAsync();
        await gcc.WaitForExitAsync();
        return gcc.ExitCode == 0 ? "" : complaints;
    }
}
