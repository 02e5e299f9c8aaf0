using System.Text;
using CsCheck;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Archive;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Details;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>Whatever a kernel, a tree or an archive of others holds: an answer or a typed error.</summary>
public sealed class HostileInputTests
{
    private static readonly string[] Words =
        ["0x", "0x0000000000000000", "0xffffffffffffffff", "direct", "msi", " ", "\n", "\0", "PCI_ID=", "8086:10D3", "PCI_CLASS=", "pci:v", "00008086", "d", "sv", "ACTION=add", "SUBSYSTEM=pci", "PCI_SLOT_NAME=", "0000:01:00.0", "é", "-1"];

    private static readonly Gen<byte[]> Texts =
        Gen.Int[0, Words.Length - 1].Select(index => Words[index]).Array[0, 40].Select(words => Encoding.UTF8.GetBytes(string.Concat(words)));

    [Fact]
    public void The_kernels_texts_may_hold_anything() => Texts.Sample(bytes =>
    {
        var text = Encoding.UTF8.GetString(bytes);
        PciBar.ParseAll(text);
        PciBar.ParseSizes(text);
        ReservedRegion.ParseAll(bytes);
        _ = Uevent.TryParse(bytes, out _);
        _ = PciAddressText.TryParse(bytes, out _);
        var ids = default(PciIds);
        ids.Add(bytes);
        ids.AddModalias(bytes);
    });

    [Fact]
    public void An_archive_may_hold_anything() => Gen.Byte.Array[0, 2000].Sample(bytes =>
    {
        foreach (var beginning in (byte[][])[[], [0x1f, 0x8b, 8]])
        {
            try
            {
                HostArchiveReader.Read("test", new MemoryStream([.. beginning, .. bytes]));
            }
            catch (HostSourceException)
            {
            }
        }
    });
}
