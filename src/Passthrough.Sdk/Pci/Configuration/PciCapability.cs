namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>One capability of a PCI function: a structure in the configuration space that describes what the function can do.</summary>
/// <remarks>
/// Every capability that is decoded has its own type; the others are a <see cref="RawCapability"/>. Thread safety:
/// immutable, all members may be called from several threads at the same time.
/// </remarks>
public abstract class PciCapability
{
    private readonly PciRegisters _registers;

    private protected PciCapability(in CapabilityHeader header)
    {
        _registers = header.Registers;
        Id = header.Id;
        IsExtended = header.IsExtended;
        Version = header.Version;
    }

    /// <summary>Gets the offset of the capability in the configuration space, in bytes.</summary>
    public int Offset => _registers.Offset;

    /// <summary>Gets the capability's id: 8 bits for a standard one, 16 bits for an extended one.</summary>
    public int Id { get; }

    /// <summary>Gets whether this is an extended capability, that is, one beyond the first 256 bytes.</summary>
    public bool IsExtended { get; }

    /// <summary>Gets the version in the header of an extended capability; null for a standard one.</summary>
    public int? Version { get; }

    /// <summary>Gets the capability's name as PCI-SIG and lspci use it; <c>unknown</c> for an id that neither names.</summary>
    public string Name => CapabilityNames.Find(Id, IsExtended) ?? "unknown";

    /// <summary>Returns the offset, the id and the name, for example <c>[70] 0x10 PCI Express</c>.</summary>
    public override string ToString() => IsExtended
        ? string.Create(null, $"[{Offset:x3} v{Version}] 0x{Id:x4} {Name}")
        : string.Create(null, $"[{Offset:x2}] 0x{Id:x2} {Name}");

    private protected static bool Bit(uint value, int bit) => PciRegisters.Bit(value, bit);

    private protected static int Field(uint value, int bit, int width) => PciRegisters.Field(value, bit, width);

    private protected bool Has(int at, int length) => _registers.Has(at, length);

    private protected byte Byte(int at) => _registers.Byte(at);

    private protected ushort Word(int at) => _registers.Word(at);

    private protected uint DoubleWord(int at) => _registers.DoubleWord(at);

    private protected ulong QuadWord(int at) => _registers.QuadWord(at);

    private protected PciRegisters Registers(int at) => _registers.Skip(at);
}
