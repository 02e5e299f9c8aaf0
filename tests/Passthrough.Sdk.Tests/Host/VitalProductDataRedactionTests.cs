using System.Text;
using Passthrough.Sdk.Host.Archive;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Host;

public sealed class VitalProductDataRedactionTests
{
    [Fact]
    public void What_names_one_card_is_gone_and_the_rest_still_reads()
    {
        var data = Sample("SECRET-1", "SECRET-2", "SECRET-3", "SECRET-4");

        var redacted = VitalProductDataRedaction.Apply(data);

        Assert.Equal(data.Length, redacted.Length);
        Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(redacted), StringComparison.Ordinal);
        var (before, after) = (VitalProductData.Parse(data), VitalProductData.Parse(redacted));
        Assert.Equal(("Adapter", "PN-7", "00000000"), (after.Name, after.PartNumber, after.SerialNumber));
        Assert.True(before.IsChecksumValid);
        Assert.True(after.IsChecksumValid);
        Assert.True(after.IsComplete);
        Assert.Equal(before.ReadWriteFields.Select(field => field.Keyword), after.ReadWriteFields.Select(field => field.Keyword));
    }

    [Fact]
    public void What_is_no_such_data_is_gone_altogether() =>
        Assert.Equal(new byte[6], VitalProductDataRedaction.Apply("SECRET"u8.ToArray()));

    [Fact]
    public void Data_cut_off_anywhere_leaves_no_secret_and_no_exception()
    {
        var data = Sample("SECRET-1", "SECRET-2", "SECRET-3", "SECRET-4");
        for (var length = 0; length < data.Length; length++)
        {
            Assert.DoesNotContain("SECRET", Encoding.Latin1.GetString(VitalProductDataRedaction.Apply(data[..length])), StringComparison.Ordinal);
        }
    }

    private static byte[] Sample(string serial, string vendor, string asset, string behindTheEnd)
    {
        var bytes = new List<byte>();
        bytes.AddRange(Resource(0x82, "Adapter"u8.ToArray()));
        byte[] fields = [.. Field("PN", "PN-7"), .. Field("SN", serial), .. Field("V0", vendor)];
        bytes.AddRange([0x90, (byte)(fields.Length + 4), 0, .. fields, (byte)'R', (byte)'V', 1]);
        bytes.Add((byte)(-bytes.Sum(part => part) & 0xff));
        bytes.AddRange(Resource(0x91, [.. Field("YA", asset), .. Field("RW", "SECRET-5")]));
        bytes.Add(0x78);
        bytes.AddRange(Encoding.ASCII.GetBytes(behindTheEnd));
        return [.. bytes];
    }

    private static byte[] Resource(byte tag, byte[] content) => [tag, (byte)content.Length, 0, .. content];

    private static byte[] Field(string keyword, string text) => [.. Encoding.ASCII.GetBytes(keyword), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
