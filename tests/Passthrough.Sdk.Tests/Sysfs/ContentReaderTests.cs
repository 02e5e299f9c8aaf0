using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Sysfs;

public sealed class ContentReaderTests
{
    public static TheoryData<int, long> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, long>();
            foreach (var length in (int[])[0, 1, 4095, 4096, 4097, 8192, 100_000])
            {
                foreach (var says in (long[])[0, 4096, length - 1, length, length + 1, long.MaxValue])
                {
                    sizes.Add(length, says);
                }
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Everything_is_read_whatever_the_source_says_of_its_size(int length, long says)
    {
        var bytes = Enumerable.Range(0, length).Select(i => (byte)(i % 251)).ToArray();

        Assert.Equal(Errno.Success, Read(bytes, says, 1 << 20, out var content));

        Assert.Equal(bytes, content);
    }

    [Theory]
    [InlineData(5000, Errno.Success)]
    [InlineData(5001, Errno.TooLarge)]
    public void More_than_the_limit_is_refused(int length, int expected)
    {
        foreach (var says in (long[])[0, length, 4096])
        {
            Assert.Equal(expected, Read(new byte[length], says, 5000, out var content));
            Assert.Equal(expected == Errno.Success ? length : 0, content.Length);
        }
    }

    private static int Read(byte[] bytes, long says, int limit, out byte[] content)
    {
        var at = 0;
        return ContentReader.TryReadAll(limit, () => says, Some, out content);

        // Pieces of an odd size, as a kernel may give them.
        int Some(Span<byte> buffer, out int length)
        {
            length = Math.Min(Math.Min(buffer.Length, 1777), bytes.Length - at);
            bytes.AsSpan(at, length).CopyTo(buffer);
            at += length;
            return Errno.Success;
        }
    }
}
