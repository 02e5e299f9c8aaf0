using System.Diagnostics.CodeAnalysis;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// Kernels that were unpacked once, in <c>$XDG_CACHE_HOME/passthrough-sdk</c> or <c>~/.cache/passthrough-sdk</c>: unpacking one costs a second or two,
/// and ten times that under emulation.
/// </summary>
internal static class KernelCache
{
    private const string Prefix = "vmlinux-";

    // Kernels are replaced by updates, and nobody asks for the old ones again.
    private static readonly TimeSpan LongestUnused = TimeSpan.FromDays(60);

    /// <summary>The directory of this user.</summary>
    public static string Directory => Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } home && Path.IsPathFullyQualified(home)
            ? home
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
        "passthrough-sdk");

    /// <summary>Returns the path of an unpacked kernel.</summary>
    /// <param name="image">The kernel.</param>
    /// <param name="directory">The cache.</param>
    /// <param name="memory">The file in memory that holds the kernel instead, if the cache cannot be written.</param>
    /// <returns>The path; that of the packed kernel, which starts more slowly, if it cannot be unpacked here.</returns>
    [SuppressMessage("Reliability", "CA2000", Justification = "The caller disposes it.")]
    public static string Get(KernelImage image, string directory, out MemoryFile? memory)
    {
        memory = null;
        // Two kernels can have the same release: one that was built again, or one beside that of the distribution.
        var unpacked = new FileInfo(Path.Combine(directory, $"{Prefix}{image.Release}-{image.Fingerprint()}"));
        if (unpacked.Exists && unpacked.Length > 0)
        {
            Use(unpacked);
            return unpacked.FullName;
        }

        var file = MemoryFile.Create("passthrough-kernel");
        using (var target = file.OpenWrite())
        {
            if (!image.TryUnpack(target))
            {
                file.Dispose();
                return image.Path;
            }
        }

        if (TryStore(file.Path, unpacked.FullName))
        {
            file.Dispose();
            return unpacked.FullName;
        }

        memory = file;
        return file.Path;
    }

    private static bool TryStore(string source, string target)
    {
        var fresh = $"{target}.{Guid.NewGuid():N}.tmp";
        try
        {
            System.IO.Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            RemoveRemains(target);
            try
            {
                using (var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite))
                using (var to = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
                {
                    from.CopyTo(to);
                }

                File.Move(fresh, target, overwrite: true);
                return true;
            }
            finally
            {
                File.Delete(fresh);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false; // read-only, or full: it works from memory too
        }
    }

    // What a killed program left (a file that is written right now is younger), and kernels that were not used for long.
    private static void RemoveRemains(string target)
    {
        foreach (var file in new DirectoryInfo(Path.GetDirectoryName(target)!).GetFiles($"{Prefix}*"))
        {
            if (Age(file) > (file.Extension == ".tmp" ? TimeSpan.FromHours(1) : LongestUnused))
            {
                file.Delete();
            }
        }
    }

    private static void Use(FileInfo file)
    {
        try
        {
            if (Age(file) > TimeSpan.FromDays(1))
            {
                file.LastWriteTimeUtc = TimeProvider.System.GetUtcNow().UtcDateTime;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // A cache that cannot be written is used all the same.
        }
    }

    private static TimeSpan Age(FileInfo file) => TimeProvider.System.GetUtcNow().UtcDateTime - file.LastWriteTimeUtc;
}
