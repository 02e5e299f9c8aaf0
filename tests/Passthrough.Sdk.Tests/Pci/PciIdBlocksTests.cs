using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class PciIdBlocksTests
{
    // More than fit at first, so that the table grows more than once, and in an order that makes neighbours meet.
    [Fact]
    public void Every_block_of_65536_is_found()
    {
        var blocks = new PciIdBlocks();
        for (var number = 0xffff; number >= 0; number--)
        {
            blocks.Add(number, number + 1, number + 2);
        }

        for (var number = 0; number <= 0xffff; number++)
        {
            blocks.Get(number, out var start, out var end);
            Assert.Equal((number + 1, number + 2), (start, end));
        }
    }

    // 8192 apart, so that all want the same place.
    [Fact]
    public void Blocks_that_want_the_same_place_are_found()
    {
        var blocks = new PciIdBlocks();
        for (var i = 0; i < 8; i++)
        {
            blocks.Add((i * 8192) + 8191, 10 * i, (10 * i) + 1);
        }

        for (var i = 0; i < 8; i++)
        {
            blocks.Get((i * 8192) + 8191, out var start, out var end);
            Assert.Equal((10 * i, (10 * i) + 1), (start, end));
        }
    }

    [Fact]
    public void The_first_of_two_counts_and_what_is_not_there_is_empty()
    {
        var blocks = new PciIdBlocks();
        blocks.Add(0x8086, 5, 9);
        blocks.Add(0x8086, 20, 30);

        blocks.Get(0x8086, out var start, out var end);
        Assert.Equal((5, 9), (start, end));
        blocks.Get(0x8087, out start, out end);
        Assert.Equal(start, end);
    }
}
