using System.Text;
using CsCheck;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Pci;

public sealed class VitalProductDataTests
{
    private static byte[] Sample(bool isValid = true)
    {
        byte[] readOnly = [.. Field("PN", "ABC-123 "), .. Field("SN", "0042"), .. Field("MN", "1028"), .. Field("V0", "own\u00e4"), .. Field("RV", "\0\0")];
        byte[] readWrite = [.. Field("V1", "x"), .. Field("RW", "\0\0\0\0")];
        byte[] all = [.. Resource(0x82, Encoding.UTF8.GetBytes("A network card")), .. Resource(0x90, readOnly), .. Resource(0x91, readWrite), 0x78];
        var checksum = 3 + 14 + 3 + readOnly.Length - 2;
        all[checksum] = (byte)(256 - (all[..checksum].Sum(value => value) & 0xff));
        all[checksum] = (byte)(isValid ? all[checksum] : all[checksum] ^ 1);
        return all;
    }

    private static byte[] Field(string keyword, string text) => [.. Encoding.ASCII.GetBytes(keyword), (byte)Encoding.UTF8.GetByteCount(text), .. Encoding.UTF8.GetBytes(text)];

    private static byte[] Resource(byte tag, byte[] content) => [tag, (byte)(content.Length & 0xff), (byte)(content.Length >> 8), .. content];

    [Fact]
    public void Names_fields_and_checksum_are_read()
    {
        var data = VitalProductData.Parse(Sample());

        Assert.Equal("A network card", data.Name);
        Assert.Equal("ABC-123", data.PartNumber);
        Assert.Equal("0042", data.SerialNumber);
        Assert.Equal("1028", data.Manufacturer);
        Assert.Null(data.EngineeringChange);
        Assert.Equal(["PN", "SN", "MN", "V0"], data.ReadOnlyFields.Select(field => field.Keyword));
        Assert.Equal("x", Assert.Single(data.ReadWriteFields).Text);
        Assert.True(data.IsChecksumValid);
        Assert.True(data.IsComplete);
    }

    [Fact]
    public void A_wrong_checksum_is_said() => Assert.False(VitalProductData.Parse(Sample(isValid: false)).IsChecksumValid);

    [Fact]
    public void What_is_no_vital_product_data_is_said()
    {
        Assert.False(VitalProductData.Parse([]).IsComplete);
        Assert.False(VitalProductData.Parse([0xff, 0xff, 0xff, 0xff]).IsComplete);
        Assert.Null(VitalProductData.Parse([0xff, 0xff, 0xff, 0xff]).IsChecksumValid);
    }

    [Fact]
    public void A_name_of_more_than_255_characters_is_read_and_the_first_name_counts()
    {
        var name = new string('n', 300);
        byte[] bytes = [.. Resource(0x82, Encoding.UTF8.GetBytes(name)), .. Resource(0x82, "other"u8.ToArray()), 0x78];
        var data = VitalProductData.Parse(bytes);
        Assert.Equal((name, true), (data.Name, data.IsComplete));
        Assert.Equal("", VitalProductData.Parse(Resource(0x82, [])).Name);
    }

    [Fact]
    public void An_empty_field_at_the_end_is_a_field()
    {
        byte[] bytes = [.. Resource(0x90, [.. Field("PN", "1"), .. Field("EC", "")]), 0x78];
        var data = VitalProductData.Parse(bytes);
        Assert.Equal(["PN", "EC"], data.ReadOnlyFields.Select(field => field.Keyword));
        Assert.Equal("", data.EngineeringChange);
        Assert.Null(data.IsChecksumValid);
    }

    [Fact]
    public void Data_from_libvirt_is_complete_and_has_no_checksum()
    {
        var data = VitalProductData.Of("A card", [new("PN", "1", "1"u8.ToArray())], []);
        Assert.Equal(("A card", "1", true, null), (data.Name, data.PartNumber, data.IsComplete, data.IsChecksumValid));
    }

    [Fact]
    public void Every_beginning_of_it_is_read_without_an_exception()
    {
        var sample = Sample();
        for (var length = 0; length < sample.Length; length++)
        {
            Assert.False(VitalProductData.Parse(sample.AsSpan(0, length)).IsComplete);
        }
    }

    [Fact]
    public void Bytes_of_any_kind_are_read_without_an_exception() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.OneOf(Gen.Const((byte)0x82), Gen.Const((byte)0x90), Gen.Const((byte)0x91))).Sample((bytes, tag) =>
        {
            VitalProductData.Parse(bytes);
            VitalProductData.Parse([tag, .. bytes]);
        });
}
