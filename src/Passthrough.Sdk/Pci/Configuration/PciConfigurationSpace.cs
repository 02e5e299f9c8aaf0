using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The decoded configuration space of one PCI function: its header, its capabilities, and the problems found in them.</summary>
/// <remarks>
/// <para>
/// The bytes are those of <c>/sys/bus/pci/devices/ADDRESS/config</c> or of an <c>lspci -xxxx</c> dump: 64 bytes without
/// root, 256 for PCI, 4096 for PCI Express. The layout is that of the PCI Local Bus Specification 3.0, chapter 6, and of
/// the PCI Express Base Specification 6.0, chapter 7. <c>lspci -vvv</c> shows the same.
/// </para>
/// <para>
/// Reading never fails: a space that is truncated, reads as all ones, or has loops in its chains yields the readable part and
/// reports the rest in <see cref="Problems"/>. What lies beyond the end of the bytes is null, never zero.
/// </para>
/// <para>Thread safety: immutable.</para>
/// </remarks>
public sealed class PciConfigurationSpace
{
    /// <summary>The length of the header that every function has, in bytes. An ordinary user may read no more.</summary>
    public const int HeaderLength = 64;

    /// <summary>The length of the configuration space of PCI 3.0, in bytes. Extended capabilities begin here.</summary>
    public const int StandardLength = 256;

    /// <summary>The length of the configuration space of PCI Express, in bytes.</summary>
    public const int ExtendedLength = 4096;

    private PciConfigurationSpace(ReadOnlyMemory<byte> bytes)
    {
        Bytes = bytes;
        var problems = new List<PciConfigurationProblem>();
        Header = PciHeader.Read(bytes, problems);
        Capabilities = [.. Header is null ? [] : CapabilityChain.Read(bytes, Header, problems)];
        Problems = [.. problems];
    }

    /// <summary>Gets the bytes as they were read; at most <see cref="ExtendedLength"/>.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Gets the header; null if there are fewer than 64 bytes, or if the function returns all ones.</summary>
    public PciHeader? Header { get; }

    /// <summary>Gets the capabilities in the order of the chain: first the standard ones, then the extended ones.</summary>
    public ValueList<PciCapability> Capabilities { get; }

    /// <summary>Gets the problems that prevented reading the whole space; empty if there are none.</summary>
    public ValueList<PciConfigurationProblem> Problems { get; }

    /// <summary>
    /// Gets whether every byte of the header reads as ones: the function is gone, is in D3cold, or its bus does not respond.
    /// </summary>
    public bool IsUnresponsive => Problems.Any(problem => problem.Kind == PciConfigurationProblemKind.AllOnes);

    /// <summary>Gets whether the bytes end too early; a capability that is missing here may then still exist.</summary>
    public bool IsTruncated => Problems.Any(problem => problem.Kind == PciConfigurationProblemKind.Truncated);

    /// <summary>Decodes a configuration space.</summary>
    /// <param name="bytes">The bytes that could be read, from offset 0; bytes beyond 4096 are ignored.</param>
    public static PciConfigurationSpace Parse(ReadOnlySpan<byte> bytes) =>
        new(bytes[..Math.Min(bytes.Length, ExtendedLength)].ToArray());

    /// <summary>Returns the first capability of a type, or null if no readable capability has this type.</summary>
    /// <typeparam name="T">The type of the capability, for example <see cref="RawCapability"/>.</typeparam>
    public T? Find<T>()
        where T : PciCapability => Capabilities.OfType<T>().FirstOrDefault();
}
