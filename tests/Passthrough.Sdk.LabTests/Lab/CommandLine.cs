using System.Runtime.InteropServices;

namespace Passthrough.LabTests.Lab;

/// <summary>The command line as <c>eng/publish</c> builds it; on an Arm host the one that was published beside these tests.</summary>
internal static class CommandLine
{
    public static string Program { get; } = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
        ? Path.Combine(AppContext.BaseDirectory, "passthrough")
        : Repository.PathOf("artifacts/passthrough/passthrough");
}
