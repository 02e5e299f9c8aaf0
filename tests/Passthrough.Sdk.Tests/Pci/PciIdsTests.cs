using System.Text;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

/// <summary>The two texts of the kernel that name a function's ids: lines of uevent, and modalias.</summary>
public sealed class PciIdsTests
{
    private const string Modalias = "pci:v00008086d000010D3sv0000103Csd0000A01Fbc02sc01i03";

    [Fact]
    public void A_modalias_gives_all_ids()
    {
        var ids = Of(Modalias);
        Assert.True(ids.IsComplete);
        Assert.Equal([0x8086, 0x10d3, 0x103c, 0xa01f, 0x020103u], Values(ids));
    }

    [Fact]
    public void Lines_of_uevent_give_all_ids()
    {
        var ids = Of(null, "DRIVER=e1000e", "PCI_CLASS=20103", "PCI_ID=8086:10D3", "PCI_SUBSYS_ID=103C:A01F", "PCI_SLOT_NAME=0000:01:00.0");
        Assert.True(ids.IsComplete);
        Assert.Equal([0x8086, 0x10d3, 0x103c, 0xa01f, 0x020103u], Values(ids));
    }

    [Theory]
    [InlineData("PCI_ID=8086:10D3", "PCI_SUBSYS_ID=103C:A01F")]
    [InlineData("PCI_ID=8086:10D3", "PCI_CLASS=20000")]
    [InlineData("PCI_SUBSYS_ID=103C:A01F", "PCI_CLASS=20000")]
    [InlineData("PCI_ID=8086:10D3")]
    [InlineData("PCI_SUBSYS_ID=103C:A01F")]
    [InlineData("PCI_CLASS=20000")]
    public void Without_one_of_them_it_is_not_complete(params string[] lines) => Assert.False(Of(null, lines).IsComplete);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Each_of_the_five_is_needed(int missing)
    {
        var ids = new PciIds
        {
            Vendor = missing == 1 ? null : 1,
            Device = missing == 2 ? null : 1,
            SubsystemVendor = missing == 3 ? null : 1,
            SubsystemDevice = missing == 4 ? null : 1,
            Class = missing == 5 ? null : 1,
        };
        Assert.False(ids.IsComplete);
    }

    [Fact]
    public void What_came_first_stays()
    {
        var ids = Of("pci:v00001234d00005678sv00009ABCsd0000DEF0bc0Csc03i30", "PCI_ID=8086:10D3", "PCI_SUBSYS_ID=103C:A01F", "PCI_CLASS=20000");
        ids.AddModalias(Encoding.UTF8.GetBytes(Modalias));
        Assert.Equal([0x1234, 0x5678, 0x9abc, 0xdef0, 0x0c0330u], Values(ids));

        ids = Of(null, "PCI_ID=1:2", "PCI_SUBSYS_ID=3:4", "PCI_CLASS=5", "PCI_ID=8086:10D3", "PCI_SUBSYS_ID=103C:A01F", "PCI_CLASS=20000");
        Assert.Equal([1, 2, 3, 4, 5u], Values(ids));
    }

    [Theory]
    [InlineData("")]
    [InlineData("virtio:d00000001v00001AF4")]
    [InlineData("pci:v0000808")]
    [InlineData("pci:v0000808Xd000010D3sv0000103Csd0000A01Fbc02sc01i03")]
    [InlineData("pci:v00008086x000010D3sv0000103Csd0000A01Fbc02sc01i03")]
    [InlineData("pci:v00008086d000010D3sd0000103Csv0000A01Fbc02sc01i03")]
    [InlineData("pci:v00008086d000010D3sv0000103Csd0000A01Fbc02sc01")]
    [InlineData("pci:v00008086d000010D3sv0000103Csd0000A01Fbc02sc01i")]
    [InlineData("pci:v00008086d000010D3sv0000103Csd0000A01Fbc02sc01i0")]
    [InlineData("pci:v00008086d000010D3sv0000103Csd0000A01Fbc02sc0Xi03")]
    [InlineData("pci:v*d*sv*sd*bc03sc*i*")]
    public void Half_a_modalias_gives_nothing(string text)
    {
        var ids = Of(text);
        Assert.Equal([null, null, null, null, null], Values(ids));
    }

    [Theory]
    [InlineData("PCI_ID=8086")]
    [InlineData("PCI_ID=:10D3")]
    [InlineData("PCI_ID=8086:")]
    [InlineData("PCI_ID=8086:10D3 ")]
    [InlineData("PCI_ID=808X:10D3")]
    [InlineData("PCI_ID=8086:10DX")]
    [InlineData("PCI_SUBSYS_ID=8086")]
    [InlineData("PCI_CLASS=")]
    [InlineData("PCI_CLASS=1000000")]
    [InlineData("PCI_CLASS=2000X")]
    [InlineData("XPCI_CLASS=20000")]
    public void A_line_that_is_none_gives_nothing(string line)
    {
        var ids = Of(null, line);
        Assert.Equal([null, null, null, null, null], Values(ids));
    }

    [Fact]
    public void The_largest_class_is_one() => Assert.Equal(0xffffffu, Of(null, "PCI_CLASS=FFFFFF").Class);

    [Theory]
    [InlineData("0x8086\n", 0x8086u)]
    [InlineData("0x0\0 \n", 0u)]
    [InlineData("0xffffffff", 0xffffffffu)]
    public void A_number_may_be_followed_by_white_space(string text, uint value)
    {
        Assert.True(PciIds.TryParsePrefixedHex(Encoding.UTF8.GetBytes(text), out var read));
        Assert.Equal(value, read);
    }

    [Theory]
    [InlineData("8086\n")]
    [InlineData("0x")]
    [InlineData("0x80 86")]
    [InlineData(" 0x8086")]
    [InlineData("0x123456789")]
    public void Other_text_is_no_number(string text) => Assert.False(PciIds.TryParsePrefixedHex(Encoding.UTF8.GetBytes(text), out _));

    private static uint?[] Values(PciIds ids) => [ids.Vendor, ids.Device, ids.SubsystemVendor, ids.SubsystemDevice, ids.Class];

    private static PciIds Of(string? modalias, params string[] lines)
    {
        var ids = default(PciIds);
        if (modalias is not null)
        {
            ids.AddModalias(Encoding.UTF8.GetBytes(modalias));
        }

        foreach (var line in lines)
        {
            ids.Add(Encoding.UTF8.GetBytes(line));
        }

        return ids;
    }
}
