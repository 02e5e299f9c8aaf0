using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Testing.Trees;

/// <summary>The files of a fake host: in memory, or in a directory of this machine.</summary>
/// <remarks>All paths are those on the host, absolute and in their shortest form (<see cref="HostPath"/>). Links are followed as the kernel does.</remarks>
internal interface IFakeStore
{
    /// <summary>The same files, as a host is read.</summary>
    ISysfs Sysfs { get; }

    /// <summary>Whether there is something, after following links.</summary>
    bool Exists(string path);

    /// <summary>Whether there is a directory, after following links.</summary>
    bool IsDirectory(string path);

    /// <summary>The text of a link; null for what is not a link.</summary>
    string? LinkTarget(string path);

    /// <exception cref="IOException">The file does not exist.</exception>
    string ReadText(string path);

    /// <summary>The names in a directory, in ordinal order; empty if the directory does not exist.</summary>
    IReadOnlyList<string> Names(string path);

    /// <summary>Writes a file and creates its directories.</summary>
    /// <exception cref="IOException">There is a directory, or something on the way is not one.</exception>
    void Write(string path, ReadOnlySpan<byte> content);

    /// <summary>Creates an empty file or directory that cannot be read, as one that was captured. There must be nothing yet.</summary>
    /// <exception cref="IOException">There is something, or something on the way is not a directory.</exception>
    void AddUnreadable(string path, bool isDirectory, int errno);

    /// <exception cref="IOException">Something on the way is not a directory.</exception>
    void CreateDirectory(string path);

    /// <summary>Creates a link with this text, and its directories.</summary>
    /// <exception cref="IOException">There is something, or something on the way is not a directory.</exception>
    void CreateLink(string path, string target);

    /// <summary>Removes a file, a link or a whole directory, if there is one.</summary>
    void Remove(string path);
}
