using System.Globalization;
using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class PciIdDatabaseTests : IDisposable
{
    private const string Sample = """
        # a comment
        0001  First Vendor

        10de  Big GPU Works
        # a comment inside a block
        	1b80  Card One
        		10de 119e  Founders Edition
        		1458 3702  Gaming
        	1B81  Card Two
        		1458 3702  Other Gaming
        	1b82  Card Thrée  
        8086  Chips
        	0001  Board
        0bda  Out of Order
        	8168  Network
        S 1af4
        	1100  Any machine
        C 02  Network controller
        	00  Ethernet controller
        C 0c  Serial bus controller
        	03  USB controller
        		00  UHCI
        		30  XHCI
        	05  SMBus
        		30  not XHCI
        Z 0001
        	0001  reserved kind of block

        """;

    private readonly string _root = Directory.CreateTempSubdirectory("pciids").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static PciIdDatabase Read(string text) => PciIdDatabase.Parse(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void Names_are_found_at_every_level()
    {
        var ids = Read(Sample);

        Assert.Equal("First Vendor", ids.FindVendor(0x0001));
        Assert.Equal("Big GPU Works", ids.FindVendor(0x10de));
        Assert.Equal("Card One", ids.FindDevice(0x10de, 0x1b80));
        Assert.Equal("Gaming", ids.FindSubsystem(0x10de, 0x1b80, 0x1458, 0x3702));
        Assert.Equal("Network controller", ids.FindClass(0x02));
        Assert.Equal("Ethernet controller", ids.FindSubclass(0x02, 0x00));
        Assert.Equal("XHCI", ids.FindProgrammingInterface(0x0c, 0x03, 0x30));
    }

    [Fact]
    public void A_file_that_is_not_sorted_is_read_all_the_same()
    {
        var ids = Read(Sample);

        Assert.Equal("Out of Order", ids.FindVendor(0x0bda));
        Assert.Equal("Network", ids.FindDevice(0x0bda, 0x8168));
    }

    [Fact]
    public void Letters_of_either_case_and_trailing_blanks_do_not_matter()
    {
        var ids = Read(Sample.ReplaceLineEndings("\r\n"));

        Assert.Equal("Card Two", ids.FindDevice(0x10de, 0x1b81));
        Assert.Equal("Card Thrée", ids.FindDevice(0x10de, 0x1b82));
    }

    [Fact]
    public void A_name_is_not_taken_from_a_neighbours_block()
    {
        var ids = Read(Sample);

        Assert.Null(ids.FindDevice(0x8086, 0x1b80));
        Assert.Null(ids.FindDevice(0x8086, 0x8168));
        Assert.Equal("Other Gaming", ids.FindSubsystem(0x10de, 0x1b81, 0x1458, 0x3702));
        Assert.Null(ids.FindSubsystem(0x10de, 0x1b82, 0x1458, 0x3702));
        Assert.Null(ids.FindProgrammingInterface(0x0c, 0x05, 0x00));
        Assert.Null(ids.FindVendor(0x0000));
        Assert.Null(ids.FindDevice(0x0001, 0x0001));
    }

    [Fact]
    public void A_subsystem_falls_back_to_the_vendors_list_and_then_to_the_chip()
    {
        var ids = Read(Sample);

        Assert.Equal("Any machine", ids.FindSubsystem(0x8086, 0x0001, 0x1af4, 0x1100));
        Assert.Equal("Board", ids.FindSubsystem(0x8086, 0x0001, 0x8086, 0x0001));
        Assert.Null(ids.FindSubsystem(0x8086, 0x0001, 0x8086, 0x0002));
    }

    [Fact]
    public void A_missing_file_means_unknown_names()
    {
        var ids = PciIdDatabase.LoadFile(Path.Combine(_root, "none"));

        Assert.Null(ids.Source);
        Assert.Null(ids.FindVendor(0x8086));
    }

    [Fact]
    public void A_root_is_looked_through_in_the_places_of_the_distributions_packed_or_plain()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_root, "usr/share/hwdata")).FullName;
        using (var gz = new GZipStream(File.Create(Path.Combine(folder, "pci.ids.gz")), CompressionLevel.Fastest))
        {
            gz.Write(Encoding.UTF8.GetBytes(Sample));
        }

        var ids = PciIdDatabase.Load(_root);

        Assert.Equal(Path.Combine(folder, "pci.ids.gz"), ids.Source);
        Assert.Equal("Big GPU Works", ids.FindVendor(0x10de));
    }

    [Fact]
    public void No_link_under_a_root_leads_out_of_it()
    {
        var outside = Path.Combine(_root, "outside");
        File.WriteAllText(outside, "8086  Not of this host\n");
        var folder = Directory.CreateDirectory(Path.Combine(_root, "host/usr/share/misc")).FullName;
        File.CreateSymbolicLink(Path.Combine(folder, "pci.ids"), outside);

        Assert.NotEqual("Not of this host", PciIdDatabase.Load(Path.Combine(_root, "host")).FindVendor(0x8086));
        Assert.Equal("Not of this host", PciIdDatabase.LoadFile(Path.Combine(folder, "pci.ids")).FindVendor(0x8086));
    }

    [Fact]
    public void A_pipe_in_the_place_of_the_file_holds_nobody_up()
    {
        var pipe = Path.Combine(_root, "pipe");
        using var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe]);
        mkfifo.WaitForExit();

        Assert.Null(PciIdDatabase.LoadFile(pipe).Source);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("8086")]
    [InlineData("8086\n\t")]
    [InlineData("8086  x\n\t0001")]
    [InlineData("8086  x\n\t0001  y\n\t")]
    [InlineData("8086  x\n\t0001  y\n\t\t8086")]
    [InlineData("8086  x\n\t0001  y\n\t\t8086 0002")]
    [InlineData("C 01  x\n\t00  y\n\t")]
    [InlineData("C")]
    [InlineData("C 0")]
    public void A_cut_off_file_is_no_error(string text)
    {
        var ids = Read(text);

        Assert.Null(ids.FindSubsystem(0x8086, 0x0001, 0x8086, 0x0002));
        Assert.Null(ids.FindProgrammingInterface(0, 0, 0));
        Assert.Null(ids.FindClass(0));
    }

    [Fact]
    public void A_short_file_without_a_line_end_is_read_to_its_last_letter()
    {
        Assert.Equal("A", Read("0000  A\n0001  B\n").FindVendor(0x0000));
        Assert.Equal("B", Read("0000  A\n0001  B\n").FindVendor(0x0001));
        Assert.Equal("Chips", Read("8086  Chips").FindVendor(0x8086));
        Assert.Equal("D", Read("8086  C\n\t0001  D").FindDevice(0x8086, 0x0001));
        Assert.Equal("x", Read("C 02 x").FindClass(0x02));
    }

    [Theory]
    [InlineData("000A")]
    [InlineData("000B")]
    [InlineData("A000")]
    [InlineData("00F0")]
    [InlineData("1B2c")]
    public void Numbers_in_letters_of_one_case_are_found(string digits)
    {
        var ids = Read($"8086  Chips\n\t{(digits == "1B2c" ? "1B2C" : digits)}  Board\n");
        Assert.Equal("Board", ids.FindDevice(0x8086, (ushort)Hex(digits)));
    }

    [Theory]
    [InlineData("zzzz  No number\n")]
    [InlineData("0001\n")]
    [InlineData("0001   \n8086  Chips\n")]
    [InlineData("01 x  Name\n")]
    [InlineData("Z 9999  Of another kind\n\t0001  Board\n")]
    [InlineData("Z 01x")]
    public void A_line_that_names_no_vendor_names_none(string text) => Assert.True(string.IsNullOrEmpty(Read(text).FindVendor(0x0001)));

    [Fact]
    public void The_installed_file_is_read_as_a_line_by_line_reader_reads_it()
    {
        var ids = PciIdDatabase.Load();
        if (ids.Source is null)
        {
            Assert.Skip("no pci.ids on this machine (package pci.ids or hwdata)");
        }

        var (vendor, device, baseClass, subclass, isClass, checkedNames) = (0, 0, 0, 0, false, 0);
        foreach (var line in File.ReadLines(ids.Source))
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var tabs = line.Length - line.TrimStart('\t').Length;
            var text = line[tabs..];
            if (tabs == 0)
            {
                isClass = text.StartsWith("C ", StringComparison.Ordinal);
                (vendor, baseClass) = isClass ? (0, Hex(text[2..4])) : (Hex(text[..4]), 0);
                Assert.Equal(text[4..].Trim(), isClass ? ids.FindClass((byte)baseClass) : ids.FindVendor((ushort)vendor));
            }
            else if (tabs == 1)
            {
                (device, subclass) = isClass ? (0, Hex(text[..2])) : (Hex(text[..4]), 0);
                Assert.Equal(
                    text[(isClass ? 2 : 4)..].Trim(),
                    isClass ? ids.FindSubclass((byte)baseClass, (byte)subclass) : ids.FindDevice((ushort)vendor, (ushort)device));
            }
            else if (isClass)
            {
                Assert.Equal(text[2..].Trim(), ids.FindProgrammingInterface((byte)baseClass, (byte)subclass, (byte)Hex(text[..2])));
            }
            else
            {
                var found = ids.FindSubsystem((ushort)vendor, (ushort)device, (ushort)Hex(text[..4]), (ushort)Hex(text[5..9]));
                Assert.Equal(text[9..].Trim(), found);
            }

            checkedNames++;
        }

        Assert.True(checkedNames > 1000, $"only {checkedNames} names in {ids.Source}");
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
