using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Tests.Pci;

/// <summary>Ids for vfio-pci and addresses for xen-pciback, as the kernel reads them.</summary>
public sealed class VfioPciIdTests
{
    [Theory]
    [InlineData("10de:1b80", true)]
    [InlineData("10DE:1B80", true)]
    [InlineData("0x10de:0x1b80", true)]
    [InlineData("10de:1b80:1043:8530:030000:ff0000", true)]
    [InlineData("10de:1b80 ", true)]
    [InlineData("10dg:1b80", false)]
    [InlineData("10de", false)]
    [InlineData("10de:", false)]
    [InlineData("10de.1b80", false)]
    [InlineData("'10de:1b80'", false)]
    [InlineData("0000:01:00.0", true)]
    [InlineData("110de:1b80", false)]
    [InlineData("", false)]
    public void An_id_is_vendor_and_device_in_hexadecimal_digits(string text, bool isOne) => Assert.Equal(isOne, VfioPciId.IsOne(text));

    [Theory]
    [InlineData("(0000:07:00.0)", true)]
    [InlineData("(07:00.0)(07:00.1)", true)]
    [InlineData(" (0000:07:00.*) (01:*.*) ", true)]
    [InlineData("", true)]
    [InlineData("(1:0:1:0:)", false)]
    [InlineData("0000:07:00.0", false)]
    [InlineData("(0000:07:00.0),(0000:07:00.1)", false)]
    [InlineData("(0000:07:00)", false)]
    [InlineData("(07:*.0)", false)]
    [InlineData("(0000:07:00.0", false)]
    [InlineData("  ", false)]
    [InlineData("(0x0:0x7:0x0.0x0)", true)]
    public void A_list_for_pciback_is_of_addresses_in_parentheses(string list, bool canBeParsed) => Assert.Equal(canBeParsed, XenHideList.CanBeParsed(list));

    [Fact]
    public void A_long_list_that_ends_badly_is_answered()
    {
        // Tried with every way to share the spaces, this would not end.
        var list = string.Concat(Enumerable.Repeat("(0000:07:00.0)" + new string(' ', 20), 200)) + "x";
        Assert.False(XenHideList.CanBeParsed(list));
    }
}
