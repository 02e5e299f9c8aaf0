using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host;

/// <summary>Memory, and how much of it may be locked: a device's guest has all of its memory locked.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record HostMemory
{
    /// <summary>Gets the machine's memory in bytes. Source: MemTotal of /proc/meminfo.</summary>
    public Fact<long> Total { get; init; }

    /// <summary>Gets the bytes that are available without swapping. Source: MemAvailable of /proc/meminfo.</summary>
    public Fact<long> Available { get; init; }

    /// <summary>Gets the huge pages by size. Source: /sys/kernel/mm/hugepages; absent in a kernel without them.</summary>
    public Fact<ValueList<HugePagePool>> HugePages { get; init; }

    /// <summary>
    /// Gets the amount of memory that this process may lock, and with it an emulator that it starts itself. Source:
    /// /proc/self/limits.
    /// </summary>
    public Fact<ResourceLimit> LockLimit { get; init; }
}
