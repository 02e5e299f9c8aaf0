using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Sysfs;

public sealed class RecordingSysfsTests
{
    private const string Function = "/sys/devices/pci0000:00/0000:00:02.0";
    private const string Link = "/sys/bus/pci/devices/0000:00:02.0";

    private readonly TreeSysfs _record = new();
    private readonly Counted _host;
    private readonly RecordingSysfs _recording;

    public RecordingSysfsTests()
    {
        var tree = new TreeSysfs();
        tree.Add($"{Function}/vendor", TreeNode.File("0x8086\n"u8.ToArray()));
        tree.Add($"{Function}/driver", TreeNode.Link("../../../bus/pci/drivers/e1000e"));
        tree.Add("/sys/bus/pci/drivers/e1000e/bind", TreeNode.File([]));
        tree.Add(Link, TreeNode.Link("../../../devices/pci0000:00/0000:00:02.0"));
        tree.Add("/sys/circle", TreeNode.Link("circle"));
        tree.Add("/sys/climbs", TreeNode.Link("../../../sys/./devices"));
        _host = new Counted(tree);
        _recording = new RecordingSysfs(_host, _record);
    }

    [Theory]
    [InlineData($"{Link}/vendor")]
    [InlineData("/sys/climbs/pci0000:00/0000:00:02.0/vendor")]
    [InlineData($"/..{Link}/../0000:00:02.0/./vendor")]
    public void What_was_read_through_a_link_is_kept_at_its_own_place_and_the_link_at_its(string path)
    {
        Assert.Equal("0x8086", _recording.ReadText(path).Value);
        _recording.Close();

        Assert.Equal("0x8086", _record.ReadText(path).Value);
        Assert.Equal("0x8086\n"u8.ToArray(), _record.Find($"{Function}/vendor")!.Content);
    }

    [Fact]
    public void A_link_that_was_read_is_kept_without_another_question()
    {
        _recording.TryReadLink($"{Function}/driver", out _);
        var before = _host.Links.Count(path => path == $"{Function}/driver");
        _recording.TryRead($"{Function}/driver/bind", stackalloc byte[8], out _);
        _recording.Close();

        Assert.Equal(1, before);
        Assert.Equal(1, _host.Links.Count(path => path == $"{Function}/driver"));
        Assert.Equal("../../../bus/pci/drivers/e1000e", _record.Find($"{Function}/driver")!.Target);
    }

    [Fact]
    public void No_directory_is_asked_twice_whether_it_is_a_link()
    {
        _recording.TryRead($"{Link}/vendor", stackalloc byte[8], out _);
        _recording.TryRead($"{Link}/vendor", stackalloc byte[8], out _);
        _recording.TryRead($"{Link}/absent", stackalloc byte[8], out _);

        Assert.Equal(_host.Links.Distinct(), _host.Links);
    }

    [Fact]
    public void What_is_no_link_and_what_is_not_there_is_not_kept_as_one()
    {
        Assert.Equal(Errno.Invalid, _recording.TryReadLink($"{Function}/vendor", out _));
        Assert.Equal(Errno.NotFound, _recording.TryReadLink($"{Function}/iommu_group", out _));
        _recording.Close();

        Assert.Null(_record.Find($"{Function}/vendor"));
        Assert.Null(_record.Find($"{Function}/iommu_group"));
    }

    [Fact]
    public void A_circle_ends()
    {
        Assert.Equal(Errno.TooManyLinks, _recording.TryReadLink("/sys/circle/x", out _));
        _recording.Close();

        Assert.Equal("circle", _record.Find("/sys/circle")!.Target);
    }

    [Fact]
    public void A_list_keeps_names_as_what_they_are()
    {
        _recording.TryList(Function, []);
        _recording.TryList("/sys/bus/pci", []);
        _recording.Close();

        Assert.Equal("../../../bus/pci/drivers/e1000e", _record.Find($"{Function}/driver")!.Target);
        Assert.Empty(_record.Find($"{Function}/vendor")!.Content!);
        Assert.Empty(_record.Find("/sys/bus/pci/drivers")!.Children!);
    }

    [Fact]
    public void Nothing_is_kept_after_the_end()
    {
        _recording.Close();
        _recording.TryRead($"{Link}/vendor", stackalloc byte[8], out _);
        _recording.TryReadLink(Link, out _);
        _recording.TryList(Function, []);
        _recording.TryStatus(Function, out _);

        Assert.Empty(_record.Root.Children!);
    }

    private sealed class Counted(ISysfs inner) : DelegatingSysfs(inner)
    {
        public List<string> Links { get; } = [];

        public override int TryReadLink(string path, out string target)
        {
            Links.Add(path);
            return base.TryReadLink(path, out target);
        }
    }
}
