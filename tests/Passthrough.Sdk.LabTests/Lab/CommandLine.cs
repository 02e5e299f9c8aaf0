namespace Passthrough.LabTests.Lab;

/// <summary>The command line as it was built beside the scenarios.</summary>
internal static class CommandLine
{
    /// <summary>How bash starts it.</summary>
    public static string Program { get; } = $"$DOTNET_ROOT/dotnet {Repository.PathOf("samples/passthrough/bin/Debug/net10.0/passthrough.dll")}";
}
