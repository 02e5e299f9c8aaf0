namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>Walks the two chains of capabilities, each capability at most once.</summary>
internal static class CapabilityChain
{
    private const int FirstCapability = 0x40;

    public static List<PciCapability> Read(ReadOnlyMemory<byte> space, PciHeader header, List<PciConfigurationProblem> problems)
    {
        var found = new List<PciCapability>();
        var hasExtended = ReadStandard(space, header, found, problems);
        if (hasExtended)
        {
            ReadExtended(space, header, found, problems);
        }

        return found;
    }

    /// <returns>Whether the function may have extended capabilities: it is PCI Express, or PCI-X.</returns>
    private static bool ReadStandard(
        ReadOnlyMemory<byte> space, PciHeader header, List<PciCapability> found, List<PciConfigurationProblem> problems)
    {
        var hasExtended = false;
        var visited = new bool[PciConfigurationSpace.StandardLength];
        var where = header.CapabilitiesPointer & ~3;
        PciCapability? express = null;
        while (where != 0)
        {
            if (where < FirstCapability)
            {
                Report(PciConfigurationProblemKind.ChainBroken, "The chain of capabilities leads into the header.");
                break;
            }

            if (visited[where])
            {
                Report(PciConfigurationProblemKind.ChainLoops, "The chain of capabilities returns to an earlier capability.");
                break;
            }

            visited[where] = true;
            var registers = new PciRegisters(space, where);
            if (!registers.Has(0, 4))
            {
                Report(PciConfigurationProblemKind.Truncated, $"The capabilities from here on are beyond the {space.Length} bytes that were read.");
                break;
            }

            var id = registers.Byte(0);
            if (id == 0xff)
            {
                Report(PciConfigurationProblemKind.ChainBroken, "The chain of capabilities leads to an offset that reads as ones.");
                break;
            }

            hasExtended |= id is CapabilityIds.PciExpress or CapabilityIds.PciX;
            var capability = CapabilityDecoder.Decode(new(registers, id, IsExtended: false, Version: null, header, express), problems);
            express ??= id == CapabilityIds.PciExpress ? capability : null;
            found.Add(capability);
            where = registers.Byte(1) & ~3;
        }

        return hasExtended;

        void Report(PciConfigurationProblemKind kind, string message) => problems.Add(new(kind, where, message));
    }

    private static void ReadExtended(
        ReadOnlyMemory<byte> space, PciHeader header, List<PciCapability> found, List<PciConfigurationProblem> problems)
    {
        var visited = new bool[PciConfigurationSpace.ExtendedLength];
        var express = found.Find(capability => capability.Id == CapabilityIds.PciExpress);
        var where = PciConfigurationSpace.StandardLength;
        while (where != 0)
        {
            if (where < PciConfigurationSpace.StandardLength)
            {
                Report(PciConfigurationProblemKind.ChainBroken, "The chain of extended capabilities leads below 0x100.");
                break;
            }

            var registers = new PciRegisters(space, where);
            if (!registers.Has(0, 4))
            {
                Report(PciConfigurationProblemKind.Truncated, $"Extended capabilities are beyond the {space.Length} bytes that were read.");
                break;
            }

            var value = registers.DoubleWord(0);
            if (value is 0 or uint.MaxValue)
            {
                break;
            }

            if (visited[where])
            {
                Report(PciConfigurationProblemKind.ChainLoops, "The chain of extended capabilities returns to an earlier one.");
                break;
            }

            visited[where] = true;
            var (id, version) = (PciRegisters.Field(value, 0, 16), PciRegisters.Field(value, 16, 4));
            found.Add(CapabilityDecoder.Decode(new(registers, id, IsExtended: true, version, header, express), problems));
            where = PciRegisters.Field(value, 20, 12) & ~3;
        }

        void Report(PciConfigurationProblemKind kind, string message) => problems.Add(new(kind, where, message));
    }
}
