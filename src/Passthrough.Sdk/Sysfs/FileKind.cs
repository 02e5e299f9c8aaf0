namespace Passthrough.Sdk.Sysfs;

/// <summary>The kinds of paths.</summary>
internal enum FileKind
{
    /// <summary>Something else, or the source does not say.</summary>
    Other = 0,

    /// <summary>A file with content.</summary>
    Regular = 1,

    /// <summary>A directory.</summary>
    Directory = 2,

    /// <summary>A character device, as everything in /dev/vfio is.</summary>
    CharacterDevice = 3,

    /// <summary>A block device.</summary>
    BlockDevice = 4,
}
