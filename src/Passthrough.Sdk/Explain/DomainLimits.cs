using System.Collections.Immutable;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>A limit in a domain's definition that lets no device of the host in, or the emulator not live.</summary>
internal static class DomainLimits
{
    /// <summary>What QEMU needs for itself, beside the guest's memory, at the very least.</summary>
    private const ulong OfEmulator = 128UL << 20;

    /// <summary>Whether the definition's hard limit is behind one of the causes.</summary>
    public static Finding? Check(string? domainXml, ImmutableArray<ProposedCause> causes)
    {
        if (domainXml is null || !causes.Any(cause => cause.Id is FindingIds.MemoryLockLimit or FindingIds.DomainEmulatorDied))
        {
            return null;
        }

        var settings = DomainDocument.Parse(domainXml).Settings;
        if (settings.HardLimitBytes is not { } limit || settings.MemoryBytes is not { } memory || limit >= memory + OfEmulator)
        {
            return null;
        }

        return FindingFactory.Of(
            FindingIds.MemoryLockLimit,
            FindingSeverity.Error,
            $"<hard_limit> lets the whole emulator have {limit >> 20} MiB, and the guest's memory alone is {memory >> 20} MiB: the kernel does not lock it, or ends the emulator",
            $"raise <memtune><hard_limit> to the guest's memory and 1 GiB ({(memory >> 20) + 1024} MiB), or drop it: libvirt then chooses one that is enough",
            new Evidence("the domain's definition", $"hard_limit {limit} bytes, memory {memory} bytes"));
    }
}
