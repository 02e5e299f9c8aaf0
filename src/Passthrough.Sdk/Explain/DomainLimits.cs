using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>Finds a limit in a domain's definition that prevents passthrough or ends the emulator.</summary>
internal static class DomainLimits
{
    /// <summary>The minimum memory that QEMU needs for itself, in addition to the guest's memory.</summary>
    private const ulong OfEmulator = 128UL << 20;

    /// <summary>Returns whether the definition's hard limit is one of the causes.</summary>
    public static Finding? Check(string? domainXml, ValueList<ProposedCause> causes)
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

        return FindingFactory.OfHost(
            FindingIds.MemoryLockLimit,
            FindingSeverity.Error,
            $"<hard_limit> allows the whole emulator {limit >> 20} MiB, but the guest's memory alone is {memory >> 20} MiB: the kernel does not lock it, or kills the emulator",
            $"raise <memtune><hard_limit> to the guest's memory plus 1 GiB ({(memory >> 20) + 1024} MiB), or remove it: libvirt then chooses a sufficient one",
            new Evidence("the domain's definition", $"hard_limit {limit} bytes, memory {memory} bytes"));
    }
}
