using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

/// <summary>Which lines of a text are those of a dump, and what they say.</summary>
public sealed class LspciDumpTests
{
    [Theory]
    [InlineData("00:1f.3 Audio device", "0000:00:1f.3")]
    [InlineData("0000:00:1f.3 Audio device", "0000:00:1f.3")]
    [InlineData("10000:e0:1d.0 Non-Volatile memory controller", "10000:e0:1d.0")]
    [InlineData("7fffffff:00:1f.3 x", "7fffffff:00:1f.3")]
    public void A_line_begins_with_an_address(string line, string address)
    {
        var function = Assert.Single(LspciDump.Parse($"{line}\n00: 86 80 d3 10\n").Functions);
        Assert.Equal(PciAddress.Parse(address), function.Address);
        Assert.Equal([0x86, 0x80, 0xd3, 0x10], function.Configuration.Bytes.ToArray());
        Assert.True(LspciDump.IsDump($"{line}\n00: 86 80 d3 10\n"));
    }

    [Theory]
    [InlineData("0:1f.3 x")]
    [InlineData("000:1f.3 x")]
    [InlineData("000:00:1f.3 x")]
    [InlineData("0000-00:1f.3 x")]
    [InlineData("00-1f.3 x")]
    [InlineData("00:1f:3 x")]
    [InlineData("00:1f.8 x")]
    [InlineData("00:1f.3")]
    [InlineData("\t00:1f.3 x")]
    public void Another_line_does_not(string line)
    {
        Assert.Throws<FormatException>(() => LspciDump.Parse($"{line}\n00: 86 80 d3 10\n"));
        Assert.False(LspciDump.IsDump($"{line}\n00: 86 80 d3 10\n"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00: 86 80 d3 10\n")]
    [InlineData("00:1f.3 x\n\n00: 86 80 d3 10\n")]
    [InlineData("00:1f.3 x\n\tCapabilities: [50] MSI\n")]
    public void Bytes_without_an_address_above_them_are_no_dump(string text)
    {
        Assert.False(LspciDump.IsDump(text));
        Assert.Contains("no PCI function has bytes", Assert.Throws<FormatException>(() => LspciDump.Parse(text)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_without_bytes_is_none()
    {
        var function = Assert.Single(LspciDump.Parse("00:00.0 Host bridge\n\n00:1f.3 Audio device\n00: 86 80 d3 10\n").Functions);
        Assert.Equal(PciAddress.Parse("0000:00:1f.3"), function.Address);
    }

    [Theory]
    [InlineData("0:86 80")] // one digit
    [InlineData("000000000: 86")] // nine
    [InlineData("00:86 80")] // no blank
    [InlineData("00:")]
    [InlineData("zz: 86 80")]
    public void Text_between_the_lines_of_bytes_is_passed_over(string text) =>
        Assert.Equal([0x86, 0x80, 0xd3, 0x10], Bytes(text, "00: 86 80 d3 10"));

    [Theory]
    [InlineData("00000000: 86 80 d3 10")]
    [InlineData("00: 86 80 d3 10   ")]
    [InlineData("00: \n00: 86 80 d3 10")]
    public void An_offset_has_two_to_eight_digits(string bytes) =>
        Assert.Equal([0x86, 0x80, 0xd3, 0x10], Bytes(bytes));

    [Theory]
    [InlineData("00: 86 8")]
    [InlineData("00: 8")]
    [InlineData("00: 86-80")]
    [InlineData("00: 86 8x")]
    [InlineData("1000: 86")]
    [InlineData("ff0: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 86")]
    [InlineData("ffffffff: 86")]
    public void A_line_of_bytes_that_cannot_be_read_is_named(string line)
    {
        var error = Assert.Throws<FormatException>(() => LspciDump.Parse($"00:1f.3 x\n00: 86 80\n{line}\n"));
        Assert.StartsWith($"line 3: '{line}' is not a line of an lspci dump", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_left_out_in_between_reads_as_ones()
    {
        Assert.Equal([0x86, 0x80, 0xff, 0xff, 0x05], Bytes("00: 86 80", "04: 05"));

        var extended = Bytes("00: 86 80", "100: 03");
        Assert.Equal([0x86, 0x80, .. Enumerable.Repeat((byte)0xff, 254), 0x03], extended);
    }

    [Fact]
    public void Lines_may_come_in_any_order_and_the_last_counts() => Assert.Equal([0x86, 0x80, 0x07, 0x10], Bytes("02: d3 10", "00: 86 80", "02: 07"));

    [Theory]
    [InlineData("fe: 05 01", 256)]
    [InlineData("ff: 05 01", 257)]
    [InlineData("ffe: 05 01", 4096)]
    public void A_space_ends_with_its_last_byte(string line, int length)
    {
        var bytes = Bytes("00: 86 80", line);
        Assert.Equal(length, bytes.Length);
        Assert.Equal([0x05, 0x01], bytes[^2..]);
    }

    [Fact]
    public void The_last_of_two_functions_with_one_address_counts() =>
        Assert.Equal([0xde, 0x10], Bytes("00: 86 80", "", "00:1f.3 x", "00: de 10"));

    [Fact]
    public void Null_is_refused() => Assert.Throws<ArgumentNullException>(() => LspciDump.Parse(null!));

    private static byte[] Bytes(params string[] lines) =>
        Assert.Single(LspciDump.Parse($"00:1f.3 x\n{string.Join('\n', lines)}\n").Functions).Configuration.Bytes.ToArray();
}
