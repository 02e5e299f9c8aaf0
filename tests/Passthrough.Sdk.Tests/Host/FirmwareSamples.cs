namespace Passthrough.Sdk.Tests.Host;

/// <summary>Firmware tables: those of QEMU's machines as the lab showed them, and others written by hand.</summary>
internal static class FirmwareSamples
{
    /// <summary>QEMU 7.2, q35 with intel-iommu and interrupt remapping (the lab's vtd host).</summary>
    public static readonly byte[] QemuDmar = Convert.FromHexString(
        "444d4152a00000000160424f4348532042585043202020200100000042585043010000002601000000000000000000000000700000000000"
        + "0000d9fe000000000308000000ff000001080000000000000108000000000100010800000000020001080000000003000208000000000400"
        + "020800000000050002080000000006000108000000001b000108000000001f000108000000001f020108000000001f03");

    /// <summary>QEMU 7.2, q35 with amd-iommu and interrupt remapping (the lab's amdvi host).</summary>
    public static readonly byte[] QemuIvrs = Convert.FromHexString(
        "49565253a000000001ae424f43485320425850432020202001000000425850430100000000280000000000000000000010d1700020004000"
        + "0000d8fe0000000000000000440000000200000002080000021000000218000002200000022800000300010004ff01000230000003000200"
        + "04ff02000238000002000300430004000000040004ff040002d8000002f8000002fa000002fb00004800000000a00001");

    /// <summary>Gives a table the length and the checksum that it should have.</summary>
    public static byte[] Seal(byte[] table)
    {
        BitConverter.TryWriteBytes(table.AsSpan(4), table.Length);
        table[9] = 0;
        byte sum = 0;
        foreach (var b in table)
        {
            sum = unchecked((byte)(sum + b));
        }

        table[9] = unchecked((byte)(0 - sum));
        return table;
    }
}
