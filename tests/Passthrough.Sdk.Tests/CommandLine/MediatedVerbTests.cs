using System.Text.Json;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>The words and the JSON of <c>passthrough mdev</c>.</summary>
public sealed class MediatedVerbTests : IDisposable
{
    private static readonly Guid Live = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
    private static readonly Guid Defined = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1002");

    private readonly FakeHost _host = FakeHost.Create();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Types_are_listed_with_their_free_instances()
    {
        _host.AddPciDevice("0000:00:02.0", driver: "i915").AddMediatedType("0000:00:02.0", "i915-GVTg_V5_4", 2, description: "a\nb")
            .AddMediatedType("mtty", "mtty-2", 12, "Dual port serial").AddMediatedDevice("mtty", "mtty-2", Live);

        var run = await CommandLineRun.Of("mdev", "types", "--root", _host.Root, "--json");
        var text = await CommandLineRun.Of("mdev", "types", "--root", _host.Root);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(2, json.RootElement.GetArrayLength());
        Assert.Equal(("0000:00:02.0", "i915"), (json.RootElement[0].GetProperty("address").GetString(), json.RootElement[0].GetProperty("driver").GetString()));
        var mtty = json.RootElement[1];
        Assert.Equal(
            ["parent", "address", "driver", "type", "name", "description", "deviceApi", "availableInstances", "instances"],
            mtty.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("mtty", "mtty-2", "Dual port serial", 11), (mtty.GetProperty("parent").GetString(), mtty.GetProperty("type").GetString(), mtty.GetProperty("name").GetString(), mtty.GetProperty("availableInstances").GetInt32()));
        Assert.Equal(JsonValueKind.Null, mtty.GetProperty("address").ValueKind);
        Assert.Equal([Live.ToString()], mtty.GetProperty("instances").EnumerateArray().Select(uuid => uuid.GetString()));
        Assert.Equal(["0000:00:02.0 (i915)", "  i915-GVTg_V5_4           2 free     vfio-pci    (a, b)", "mtty", "  mtty-2                   11 free    vfio-pci   Dual port serial", ""], text.Output.Split('\n'));
    }

    [Fact]
    public async Task Devices_are_listed_whether_they_exist_or_are_defined()
    {
        _host.AddMediatedType("mtty", "mtty-2", 12).AddMediatedDevice("mtty", "mtty-2", Live)
            .WriteFile($"/etc/mdevctl.d/mtty/{Live}", """{"mdev_type":"mtty-2","start":"manual","attrs":[]}""")
            .WriteFile($"/etc/mdevctl.d/mtty/{Defined}", """{"mdev_type":"mtty-1","start":"auto","attrs":[{"speed":"9600"}]}""");

        var run = await CommandLineRun.Of("mdev", "list", "--root", _host.Root, "--json");
        var text = await CommandLineRun.Of("mdev", "list", "--root", _host.Root);

        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(
            ["uuid", "parent", "type", "exists", "driver", "iommuGroup", "start", "attributes"],
            json.RootElement[0].EnumerateObject().Select(property => property.Name));
        Assert.Equal([true, false], json.RootElement.EnumerateArray().Select(device => device.GetProperty("exists").GetBoolean()));
        Assert.Equal(["manual", "auto"], json.RootElement.EnumerateArray().Select(device => device.GetProperty("start").GetString()));
        Assert.Equal("9600", json.RootElement[1].GetProperty("attributes")[0].GetProperty("value").GetString());
        Assert.Equal([$"{Live} mtty mtty-2: exists, group 0, defined (manual)", $"{Defined} mtty mtty-1: does not exist, defined (auto)", ""], text.Output.Split('\n'));
    }

    [Theory]
    [InlineData("create", "mtty", "mtty-2", "--uuid", "many", "not a UUID")]
    [InlineData("create", "mtty", "mtty-2", "--json", "", "--dry-run")]
    [InlineData("remove", "83b8f4f2", "", "", "", "not a UUID")]
    [InlineData("create", "mtty", "", "", "", "Required argument missing for command")]
    public async Task Bad_usage_is_one_line_that_names_it(string verb, string first, string second, string third, string fourth, string named)
    {
        var run = await CommandLineRun.Of(["mdev", .. new[] { verb, first, second, third, fourth }.Where(word => word.Length > 0)]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_without_any_says_so()
    {
        Assert.Equal("[]\n", (await CommandLineRun.Of("mdev", "list", "--root", _host.Root, "--json")).Output);
        Assert.Contains("no driver of such a device", (await CommandLineRun.Of("mdev", "types", "--root", _host.Root)).Output, StringComparison.Ordinal);
    }
}
