using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Iommu.Firmware;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Tests.Facts;

/// <summary>The list of all models: immutable, compared by its items, never null.</summary>
public sealed class ValueListTests
{
    [Fact]
    public void Lists_are_equal_if_their_items_are()
    {
        ValueList<string> one = ["a", "b"];
        Assert.True(one == ["a", "b"]);
        Assert.True(one.Equals((object)ValueList.Create("a", "b")));
        Assert.Equal(one.GetHashCode(), ValueList.Create("a", "b").GetHashCode());
        Assert.True(one != ["b", "a"]);
        Assert.True(one != ["a"]);
    }

    [Fact]
    public void The_default_is_the_empty_list()
    {
        ValueList<int> none = default;
        Assert.True(none.IsEmpty);
        Assert.Empty(none);
        Assert.True(none == []);
        Assert.Equal(none.GetHashCode(), ValueList.Create<int>().GetHashCode());
        Assert.Equal("[]", none.ToString());
        foreach (var item in none)
        {
            Assert.Fail($"an item of nothing: {item}");
        }
    }

    [Fact]
    public void Later_changes_of_its_source_do_not_reach_it()
    {
        int[] source = [1, 2, 3];
        var (copied, listed) = (ValueList.Create(source), source.ToValueList());
        source[0] = 9;
        Assert.True(copied == [1, 2, 3]);
        Assert.True(listed == [1, 2, 3]);
    }

    [Fact]
    public void Patterns_ranges_and_indexes_work()
    {
        ValueList<int> list = [1, 2, 3];
        Assert.True(list is [1, .. var rest] && rest == [2, 3]);
        Assert.Equal(3, list[^1]);
        Assert.True(list[1..2] == [2]);
        Assert.Equal([1, 2, 3], list.AsSpan().ToArray());
        Assert.Equal("[1, 2, 3]", list.ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => list[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => list[-1]);
    }

    [Fact]
    public void Records_with_lists_compare_by_value()
    {
        Assert.Equal(Unit(), Unit());
        Assert.NotEqual(Unit(), Unit() with { Scopes = [] });
        Assert.Equal(Finding(), Finding());
    }

    private static DmarUnit Unit() => new(0, 0xfed90000, false, [new(DmarScopeType.PciEndpoint, 0, 1, [(0x1f, 7)])]);

    private static Finding Finding() => new()
    {
        Id = FindingIds.DeviceNotFound,
        Severity = FindingSeverity.Error,
        Title = "title",
        Evidence = [new("source", "value")],
        Remedy = "remedy",
        Devices = [PciAddress.Parse("0000:01:00.0")],
    };
}
