using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Sysfs;

public sealed class TreeSysfsTests
{
    private readonly TreeSysfs _tree = new();

    public TreeSysfsTests()
    {
        _tree.Add("/sys/devices/pci0000:00/0000:00:02.0/vendor", TreeNode.File("0x8086\n"u8.ToArray()));
        _tree.Add("/sys/bus/pci/devices/0000:00:02.0", TreeNode.Link("../../../devices/pci0000:00/0000:00:02.0"));
        _tree.Add("/sys/absolute", TreeNode.Link("/sys/devices"));
        _tree.Add("/sys/circle", TreeNode.Link("circle"));
        _tree.Add("/sys/out", TreeNode.Link("../../../../sys/devices/pci0000:00"));
    }

    [Theory]
    [InlineData("/sys/bus/pci/devices/0000:00:02.0/vendor")]
    [InlineData("/sys/absolute/pci0000:00/0000:00:02.0/vendor")]
    [InlineData("/sys/out/0000:00:02.0/vendor")]
    [InlineData("/../sys/./bus/pci/devices/0000:00:02.0/../0000:00:02.0/vendor")]
    public void Links_are_followed_inside_the_tree(string path) => Assert.Equal("0x8086", _tree.ReadText(path).Value);

    [Fact]
    public void Answers_are_those_of_a_kernel()
    {
        Span<byte> buffer = stackalloc byte[4];

        Assert.Equal(Errno.TooManyLinks, _tree.TryRead("/sys/circle", buffer, out _));
        Assert.Equal(Errno.NotFound, _tree.TryRead("/sys/none", buffer, out _));
        Assert.Equal(Errno.IsDirectory, _tree.TryRead("/sys", buffer, out _));
        Assert.Equal(Errno.NotDirectory, _tree.TryRead("/sys/devices/pci0000:00/0000:00:02.0/vendor/x", buffer, out _));
        Assert.Equal(Errno.Invalid, _tree.TryReadLink("/sys/devices", out _));
        Assert.Equal(Errno.ReadOnly, _tree.TryWrite("/sys/devices/pci0000:00/0000:00:02.0/vendor", buffer));
        Assert.Equal(Errno.TooLarge, _tree.TryReadAll("/sys/devices/pci0000:00/0000:00:02.0/vendor", 3, out var content));
        Assert.Empty(content);
    }

    [Fact]
    public void What_is_not_there_may_be_unknown_instead()
    {
        var partial = new TreeSysfs(Errno.NoData);

        Assert.True(partial.ReadText("/proc/cmdline").IsUnknown);
    }
}
