using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Pci;

/// <summary>
/// Vital product data (VPD), which the manufacturer of a card stores on it: its part number, its serial number and other fields.
/// </summary>
/// <remarks>
/// The format is that of the PCI Local Bus Specification 3.0, appendix I: a name, read-only fields, writable fields, and an
/// end. The bytes are those of <c>/sys/bus/pci/devices/ADDRESS/vpd</c>. Reading that file requires root and wakes the
/// function. Decoding never fails; data that is cut off or out of order ends the list. Thread safety: immutable.
/// </remarks>
public sealed class VitalProductData
{
    private const byte NameTag = 0x82;
    private const byte ReadOnlyTag = 0x90;
    private const byte ReadWriteTag = 0x91;
    private const byte EndTag = 0x78;

    private VitalProductData(string? name, List<VitalProductDataField> readOnly, List<VitalProductDataField> readWrite, bool? isValid, bool isComplete)
    {
        Name = name;
        ReadOnlyFields = [.. readOnly];
        ReadWriteFields = [.. readWrite];
        IsChecksumValid = isValid;
        IsComplete = isComplete;
    }

    /// <summary>Gets the product's name; null if there is none.</summary>
    public string? Name { get; }

    /// <summary>Gets the fields that the manufacturer has written, in their order, without the checksum.</summary>
    public ValueList<VitalProductDataField> ReadOnlyFields { get; }

    /// <summary>Gets the fields that the owner may write, in their order, without the remaining space.</summary>
    public ValueList<VitalProductDataField> ReadWriteFields { get; }

    /// <summary>
    /// Gets whether the checksum (keyword RV) is correct, that is, whether all bytes up to it add up to zero. Null if there is no
    /// checksum, or if the other fields come from libvirt.
    /// </summary>
    public bool? IsChecksumValid { get; }

    /// <summary>Gets whether the data is complete up to its end tag; otherwise it is truncated, or the rest is not vital product data.</summary>
    public bool IsComplete { get; }

    /// <summary>Gets the part number (keyword PN); null if there is none.</summary>
    public string? PartNumber => Find("PN");

    /// <summary>Gets the serial number (keyword SN); null if there is none. It identifies a single card, so treat it as sensitive.</summary>
    public string? SerialNumber => Find("SN");

    /// <summary>Gets the engineering change level (keyword EC); null if there is none.</summary>
    public string? EngineeringChange => Find("EC");

    /// <summary>Gets the manufacturer (keyword MN); null if there is none.</summary>
    public string? Manufacturer => Find("MN");

    /// <summary>Decodes vital product data.</summary>
    /// <param name="data">The bytes that could be read, from offset 0.</param>
    public static VitalProductData Parse(ReadOnlySpan<byte> data)
    {
        string? name = null;
        List<VitalProductDataField> readOnly = [], readWrite = [];
        bool? isValid = null;
        var at = 0;
        while (at < data.Length && data[at] != EndTag)
        {
            // All but the end are large resources: a tag and a length of 16 bits.
            if (data[at] is not (NameTag or ReadOnlyTag or ReadWriteTag) || at + 3 > data.Length)
            {
                return new(name, readOnly, readWrite, isValid, isComplete: false);
            }

            var (tag, length, from) = (data[at], data[at + 1] | (data[at + 2] << 8), at + 3);
            var content = data[from..Math.Min(from + length, data.Length)];
            if (tag == NameTag)
            {
                name ??= Text(content);
            }
            else
            {
                var found = ReadFields(data, from, content.Length, tag == ReadOnlyTag ? readOnly : readWrite);
                isValid ??= found;
            }

            at = from + length;
        }

        return new(name, readOnly, readWrite, isValid, isComplete: at < data.Length);
    }

    /// <summary>Vital product data from libvirt, which has fields but no bytes. libvirt omits data without an end or with a wrong checksum.</summary>
    internal static VitalProductData Of(string? name, List<VitalProductDataField> readOnly, List<VitalProductDataField> readWrite) =>
        new(name, readOnly, readWrite, isValid: null, isComplete: true);

    /// <returns>Whether the checksum among the fields is right; null if there is none among them.</returns>
    private static bool? ReadFields(ReadOnlySpan<byte> data, int from, int length, List<VitalProductDataField> fields)
    {
        bool? isValid = null;
        for (var (at, end) = (from, from + length); at + 3 <= end;)
        {
            var keyword = Encoding.Latin1.GetString(data.Slice(at, 2));
            var value = data[(at + 3)..Math.Min(at + 3 + data[at + 2], end)];
            switch (keyword)
            {
                case "RV" when value.Length > 0:
                    var sum = 0;
                    foreach (var part in data[..(at + 4)])
                    {
                        sum += part;
                    }

                    isValid = (sum & 0xff) == 0;
                    break;
                case "RV" or "RW":
                    break;
                default:
                    fields.Add(new(keyword, Text(value), value.ToArray()));
                    break;
            }

            at += 3 + data[at + 2];
        }

        return isValid;
    }

    private static string Text(ReadOnlySpan<byte> value) => Encoding.UTF8.GetString(value.TrimEnd(" \0"u8));

    private string? Find(string keyword) => ReadOnlyFields.FirstOrDefault(field => field.Keyword == keyword)?.Text;
}
