using Passthrough.Sdk.DesiredState;

namespace Passthrough.Sdk.Extensions;

/// <summary>Reads the file of a desired state.</summary>
internal static class HostStateFile
{
    /// <summary>Reads the file as it is now.</summary>
    public static HostState Read(string path) => HostState.Parse(File.ReadAllText(path));

    /// <summary>Returns whether an exception says that the file, or the state, is wrong.</summary>
    public static bool IsOfFile(Exception error) => error is HostStateException or IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException;
}
