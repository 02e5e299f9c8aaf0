using System.Buffers.Binary;
using CsCheck;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>Whatever the bytes: a result, never an exception, and no capability twice.</summary>
public sealed class ConfigurationRobustnessTests
{
    private static readonly Gen<int> Lengths = Gen.OneOf(Gen.Int[0, 4200], Gen.Const(64), Gen.Const(256), Gen.Const(4096));

    [Fact]
    public void Random_bytes_are_read_without_an_exception() =>
        Gen.Select(Lengths, Gen.Byte.Array[0, 4200]).Sample((length, bytes) => Check(bytes.AsSpan(0, Math.Min(length, bytes.Length)).ToArray()), iter: 300);

    [Fact]
    public void A_chain_of_any_capabilities_is_read_without_an_exception() =>
        Gen.Select(Lengths, Gen.Byte.Array[4096], Gen.Int[0, 0x15].Array[1, 12], Gen.Int[0, 0x3b].Array[1, 40], Gen.Int[0, 2])
            .Sample((length, bytes, standard, extended, headerType) => Check(Chain(bytes, standard, extended, headerType)[..Math.Min(length, 4096)]), iter: 1500);

    [Fact]
    public void Real_spaces_with_a_few_bytes_changed_are_read_without_an_exception()
    {
        var spaces = RealSpaces();
        Gen.Select(Gen.Int[0, spaces.Length - 1], Gen.Select(Gen.Int[0, 4095], Gen.Byte).Array[0, 8], Lengths).Sample(
            (index, changes, length) =>
            {
                var bytes = spaces[index].ToArray();
                foreach (var (at, value) in changes)
                {
                    bytes[at % bytes.Length] = value;
                }

                Check(bytes[..Math.Min(length, bytes.Length)]);
            },
            iter: 2000);
    }

    [Fact]
    public void Every_length_of_every_real_space_is_read_without_an_exception()
    {
        foreach (var space in RealSpaces())
        {
            // Every cut would be thousands of them; the ends of structures are what matters, and those are at most 4 apart.
            for (var length = 0; length < space.Length; length += length < 256 ? 1 : 3)
            {
                PciConfigurationSpace.Parse(space.AsSpan(0, length));
            }
        }
    }

    [Fact]
    public void Text_that_is_no_dump_is_refused_in_one_sentence() =>
        Gen.String.Sample(text =>
        {
            if (!LspciDump.IsDump(text))
            {
                Assert.Throws<FormatException>(() => LspciDump.Parse(text));
            }
        });

    private static void Check(byte[] bytes)
    {
        var space = PciConfigurationSpace.Parse(bytes);
        EveryProperty.Read(space);
        Assert.Distinct(space.Capabilities.Select(capability => capability.Offset));
        Assert.True(space.Capabilities.Count <= 48 + 960, "more capabilities than there is room for");
        Assert.All(space.Capabilities, capability => Assert.InRange(capability.Offset, 0x40, Math.Max(0x40, bytes.Length - 4)));
        Assert.True(space.Header is not null || space.Problems.Count > 0);
    }

    private static byte[] Chain(byte[] bytes, int[] standard, int[] extended, int headerType)
    {
        bytes[0x06] |= 0x10;
        bytes[0x0e] = (byte)headerType;
        bytes[headerType == 2 ? 0x14 : 0x34] = 0x40;
        for (var index = 0; index < standard.Length; index++)
        {
            var at = 0x40 + (16 * index);
            bytes[at] = (byte)(index == 0 ? 0x10 : standard[index]);
            bytes[at + 1] = (byte)(index == standard.Length - 1 ? 0 : at + 16);
        }

        for (var index = 0; index < extended.Length; index++)
        {
            // The last ones lie at the end, so that they are cut off now and then.
            var at = index == 0 ? 0x100 : 4096 - (92 * (extended.Length - index));
            var next = index == extended.Length - 1 ? 0 : 4096 - (92 * (extended.Length - index - 1));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)extended[index] | (1u << 16) | ((uint)next << 20));
        }

        return bytes;
    }

    private static byte[][] RealSpaces()
    {
        var spaces = Directory.EnumerateFiles(Corpora.Require("pciutils"))
            .Select(File.ReadAllText)
            .Where(text => LspciDump.IsDump(text))
            .SelectMany(text => LspciDump.Parse(text).Functions)
            .Select(function => function.Configuration.Bytes.ToArray());
        return [.. spaces];
    }
}
