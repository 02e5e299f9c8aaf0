using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Disks;

/// <summary>Asks the running kernel whether somebody holds a block device exclusively.</summary>
/// <remarks>
/// Everything in the kernel that keeps data on a device claims it: a mounted file system in whichever namespace, swap, an array, a
/// volume, a pool. A claim on a partition counts for its disk.
/// </remarks>
internal static class Claims
{
    /// <summary>The reason of the unknown fact if it was not requested.</summary>
    internal const string Unasked = "read only for the devices of the plan";

    /// <summary>The reason of the unknown fact if the files do not belong to a running kernel.</summary>
    internal const string NoKernel = "only the running kernel can tell";

    private const string Zfs = "zfs_member";
    private const int MostTries = 3;

    // Another program may try the same at this moment, or make a file system, and be done.
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(30);

    /// <summary>Asks about a device.</summary>
    /// <param name="files">The host.</param>
    /// <param name="name">The kernel's name of the device.</param>
    /// <param name="number">Its number; the node at its usual place must have it.</param>
    public static Fact<bool> Ask(ISysfs files, string name, string? number)
    {
        var source = Source(name);
        if (number is null)
        {
            return Fact.Unknown<bool>(source, "the number of the device is not known");
        }

        var errno = files.TryClaim(Node(name), number);
        for (var tries = 1; errno == Errno.Busy && tries < MostTries; tries++)
        {
            Thread.Sleep(_patience);
            errno = files.TryClaim(Node(name), number);
        }

        return errno switch
        {
            Errno.Success => Fact.Known(false, source),
            Errno.Busy => Fact.Known(true, source),
            Errno.NotImplemented => Fact.Unknown<bool>(source, NoKernel),
            _ => Fact.Unknown<bool>(source, Errno.Describe(errno)),
        };
    }

    /// <summary>The answer about a device that is not in question.</summary>
    public static Fact<bool> NotAsked(string name) => Fact.Unknown<bool>(Source(name), Unasked);

    /// <summary>The pool that a device belongs to by what udev saw on it: the kernel does not show who its members are.</summary>
    public static BlockUse? Pool(ISysfs files, string name, string? number)
    {
        var source = $"/run/udev/data/b{number}";
        var content = number is null ? null : files.ReadText(source).Value;
        return Property(content, "ID_FS_TYPE") == Zfs && Property(content, "ID_FS_LABEL") is { Length: > 0 } pool
            ? new BlockUse(BlockUseKind.Pool, name, pool, source) { EndCommand = $"zpool export {ShellArgument.Of(pool)}" }
            : null;
    }

    private static string? Property(string? content, string key) => content?.Split('\n')
        .Where(line => line.StartsWith($"E:{key}=", StringComparison.Ordinal))
        .Select(line => line[(key.Length + 3)..])
        .FirstOrDefault();

    private static string Node(string name) => $"/dev/{name.Replace('!', '/')}";

    private static string Source(string name) => $"open({Node(name)}, O_RDONLY | O_EXCL)";
}
