namespace Passthrough.LabTests.Lab;

/// <summary>The command line as <c>eng/publish</c> builds it.</summary>
internal static class CommandLine
{
    public static string Program { get; } = Repository.PathOf("artifacts/passthrough/passthrough");
}
