using System.Text.RegularExpressions;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>Where lspci's text is not compared, and why.</summary>
internal static partial class LspciExceptions
{
    /// <summary>The text before the capabilities, without what lspci gets wrong.</summary>
    public static string Header(string text, LspciDumpFunction function)
    {
        // The upper half of a 64-bit BAR is not a BAR. In a dump, where libpci knows no resource flags, lspci takes it for
        // one as soon as it is not zero, and prints a region whose address it does not have.
        var wide = function.Configuration.Header!.Bars.Where(bar => bar.Width == 64).Select(bar => bar.Index + 1).ToHashSet();
        // A name and its ids that do not fit lspci's buffer are cut off, with dots in their place.
        text = CutOffIds().Replace(text, "");
        return Region().Replace(text, match => wide.Contains(match.Groups["index"].Value[0] - '0') ? "" : match.Value);
    }

    /// <summary>The text of one capability, without what lspci gets wrong or what is not decoded here.</summary>
    public static string Capability(string text, PciCapability capability) => capability switch
    {
        // An id that this version of lspci does not know yet.
        { IsExtended: true } when text.Contains($"Extended Capability ID 0x{capability.Id:x2}", StringComparison.Ordinal) => "",

        // lspci before 3.14 does not know the shared memory of virtio, and takes its address for one of 32 bits.
        VirtioCapability when text.Contains("<unknown>", StringComparison.Ordinal) => "",

        // The clocks that a link can run at are 16 bits; lspci reads 8 of them, so the upper ones are always off.
        HyperTransportCapability => UpperClocks().Replace(text, ""),

        // The contents are Intel's own, described in the datasheets of single products.
        VendorSpecificCapability when text.Contains("Intel", StringComparison.Ordinal) => "",

        // A dump holds no vital product data; lspci says so in different words.
        VitalProductDataCapability => "",

        DesignatedVendorSpecificCapability => Cxl(text),

        // The control register's bit 0 is the stream's enable, bit 8 the plaintext checksum's; lspci 3.14 prints bit 0 for both.
        IntegrityAndEncryptionCapability => LinkStreamChecksum().Replace(IdeOffset().Replace(text, ""), "$1 "),

        // lspci 3.9 takes bits 0 and 1 for the error, which is bit 2.
        DataObjectExchangeCapability => EarlyError().Replace(text, "$1"),

        // Where a range has an upper half, lspci prints it even if it is zero.
        EnhancedAllocationCapability => ZeroUpperHalf().Replace(text, "$1 "),

        // Bit 3 is the interrupt; lspci 3.14 tests bit 2, which is part of the width before it.
        FlitLoggingCapability => text.Replace("Interrupt Generated based on Trigger Event Count", "", StringComparison.Ordinal),
        _ => text,
    };

    private static string Cxl(string text)
    {
        // lspci takes bit numbers 3 and 5 of DVSEC CXL Control2 for masks (0x3, 0x5), and 3 of Capability3.
        text = CxlMasks().Replace(text, " ");

        // It tests the port's status with the register's own offset, 0xa, as a mask.
        return text.Replace("CXLPortSta:\tPMComplete", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\[[0-9a-f:]*\.\.\.")]
    private static partial Regex CutOffIds();

    [GeneratedRegex(@"\n\tRegion (?<index>\d)[^\n]*")]
    private static partial Regex Region();

    [GeneratedRegex(@"(LinkIDE#\d+ Ctl:[^\n]*) PCRC[+-]")]
    private static partial Regex LinkStreamChecksum();

    // With -vvv lspci says where each register lies.
    [GeneratedRegex(@"\[[0-9a-f]+\](?=(Link|Selective)IDE#)")]
    private static partial Regex IdeOffset();

    [GeneratedRegex(@"(IntSta[+-]) Error[+-]")]
    private static partial Regex EarlyError();

    [GeneratedRegex(@"((?:Base|MaxOffset):) 0(?=[0-9a-f]{8}(\s|$))")]
    private static partial Regex ZeroUpperHalf();

    [GeneratedRegex(@" (1\.4GHz|1\.6GHz|Vend)[+-]")]
    private static partial Regex UpperClocks();

    [GeneratedRegex(@" (InitRst|RstMemClrEn|DesiredVolatileHDMStateAfterHotReset|HotReset|HotResetConfigurability)[+-]")]
    private static partial Regex CxlMasks();
}
