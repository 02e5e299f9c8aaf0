using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Testing;

/// <summary>
/// .NET calls this before the entry point of a program if DOTNET_STARTUP_HOOKS names this assembly. A virtual host starts the test program so, and
/// the program runs one method instead of all tests: with its own files of dependencies and runtime, and without a program of ours.
/// </summary>
/// <remarks>The runtime finds the class by its name, which has no namespace.</remarks>
internal static class StartupHook
{
    [RequiresUnreferencedCode(HostMethod.NeedsReflection)]
    public static void Initialize() => HostMethod.RunIfAsked();
}
