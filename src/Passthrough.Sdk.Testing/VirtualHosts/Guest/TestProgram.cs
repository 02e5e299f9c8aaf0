using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>This program, as another process starts it with the same dependencies and the same runtime.</summary>
internal static class TestProgram
{
    /// <summary>Returns the command that starts this program again.</summary>
    /// <exception cref="InvalidOperationException">It was started in a way that cannot be repeated.</exception>
    public static ValueList<string> Command()
    {
        if (AppContext.TryGetSwitch("System.StartupHookProvider.IsSupported", out var isSupported) && !isSupported)
        {
            throw new InvalidOperationException("The test program has switched off startup hooks, through which its methods run in a virtual host; remove StartupHookSupport from its project.");
        }

        // The host of .NET names the files that it used; the program's own comes first (runtime: hostpolicy_context.cpp).
        var deps = (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string)?.Split(';')[0];
        const string suffix = ".deps.json";
        if (string.IsNullOrEmpty(deps) || !deps.EndsWith(suffix, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("The test program has no file NAME.deps.json, which is needed to start it in a virtual host; do not publish it as a single file, and do not set GenerateDependencyFile to false.");
        }

        var program = deps[..^suffix.Length];
        var runtime = Path.GetFullPath(RuntimeEnvironment.GetRuntimeDirectory()).TrimEnd('/');
        var dotnet = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", "dotnet"));
        // A self-contained program has the runtime beside it, and starts it itself.
        return new FileInfo(dotnet).Exists && new FileInfo($"{program}.runtimeconfig.json").Exists && Path.GetFullPath(AppContext.BaseDirectory) != Path.GetFullPath($"{runtime}/")
            ? [dotnet, "exec", "--runtimeconfig", $"{program}.runtimeconfig.json", "--depsfile", deps, $"{program}.dll"]
            : [program];
    }
}
