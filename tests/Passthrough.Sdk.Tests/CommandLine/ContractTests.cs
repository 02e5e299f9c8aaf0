using System.Text.Json;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>Words, JSON and exit codes that scripts rely on.</summary>
public sealed class ContractTests : IDisposable
{
    private static readonly Dictionary<string, string> WithoutLibvirt = new() { ["PASSTHROUGH_LIBVIRT_LIBRARY"] = "/nowhere/libvirt.so.0" };

    private readonly FakeHost _host = FakeHost.Create()
        .AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9)
        .AddPciDevice("10000:02:00.0", vendor: 0x144d, device: 0xa808, @class: 0x010802, driver: "nvme", iommuGroup: 10)
        .AddPciDevice("10000:02:00.1", vendor: 0x144d, device: 0xa808, @class: 0x010802, driver: "nvme", iommuGroup: 10);

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task List_prints_an_array_of_functions()
    {
        var run = await CommandLineRun.Of("list", "--root", _host.Root, "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        var nic = json.RootElement[0];
        Assert.Equal("0000:01:00.0", nic.GetProperty("address").GetString());
        Assert.Equal("020000", nic.GetProperty("classCode").GetString());
        Assert.Equal("8086", nic.GetProperty("vendorId").GetString());
        Assert.Equal("10d3", nic.GetProperty("deviceId").GetString());
        Assert.Equal("e1000e", nic.GetProperty("driver").GetString());
        Assert.Equal(9, nic.GetProperty("iommuGroup").GetInt32());
        Assert.Equal(JsonValueKind.Null, nic.GetProperty("physicalFunction").ValueKind);
        Assert.Equal(0, nic.GetProperty("virtualFunctions").GetArrayLength());
        Assert.Equal(
            ["address", "classCode", "vendorId", "deviceId", "subsystemVendorId", "subsystemDeviceId", "revision", "vendorName", "deviceName",
                "className", "driver", "iommuGroup", "numaNode", "physicalFunction", "virtualFunctions"],
            nic.EnumerateObject().Select(property => property.Name));
        Assert.Equal("10000:02:00.0", json.RootElement[1].GetProperty("address").GetString());
    }

    [Fact]
    public async Task Groups_say_whether_they_are_viable()
    {
        var run = await CommandLineRun.Of("groups", "--root", _host.Root, "--json");
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal([(9, true), (10, false)], json.RootElement.EnumerateArray().Select(g => (g.GetProperty("id").GetInt32(), g.GetProperty("viable").GetBoolean())));
        Assert.Equal("group.not-viable", json.RootElement[1].GetProperty("findings")[0].GetProperty("id").GetString());
    }

    [Fact]
    public async Task Doctor_says_no_with_exit_code_1_and_why()
    {
        var run = await CommandLineRun.Of("doctor", "0000:09:00.0", "--root", _host.Root, "--json");
        Assert.Equal(1, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("ready").GetBoolean());
        var finding = json.RootElement.GetProperty("findings")[0];
        Assert.Equal("device.not-found", finding.GetProperty("id").GetString());
        Assert.Equal("error", finding.GetProperty("severity").GetString());
        Assert.NotEmpty(finding.GetProperty("remedy").GetString()!);
        Assert.NotEqual(0, finding.GetProperty("evidence").GetArrayLength());
        Assert.Equal(["0000:09:00.0"], finding.GetProperty("devices").EnumerateArray().Select(device => device.GetString()));
    }

    [Theory]
    [InlineData(false, "ready", 0)]
    [InlineData(true, "cannot tell", 1)]
    public async Task Doctor_says_yes_or_that_it_cannot_tell(bool hidden, string word, int exitCode)
    {
        using var host = FakeHost.Create().AddSystem().AddPciDevice("0000:01:00.0", iommuGroup: 9);
        if (hidden)
        {
            host.Remove("/proc/interrupts");
        }

        var text = await CommandLineRun.Of("doctor", "--root", host.Root);
        Assert.Equal((exitCode, word), (text.ExitCode, text.Output.Split('\n')[0]));

        var run = await CommandLineRun.Of("doctor", "0000:01:00.0", "--root", host.Root, "--json");
        using var doctor = JsonDocument.Parse(run.Output);
        var wanted = hidden ? JsonValueKind.Null : JsonValueKind.True;
        Assert.Equal((exitCode, wanted), (run.ExitCode, doctor.RootElement.GetProperty("ready").ValueKind));

        using var show = JsonDocument.Parse((await CommandLineRun.Of("show", "0000:01:00.0", "--root", host.Root, "--json")).Output);
        Assert.Equal(wanted, show.RootElement.GetProperty("assignable").ValueKind);
    }

    [Theory]
    [InlineData("groups", "there is no IOMMU group")]
    [InlineData("list", "there is no PCI function")]
    public async Task A_list_of_nothing_says_so_and_is_an_empty_array(string verb, string words)
    {
        using var host = FakeHost.Create();
        var run = await CommandLineRun.Of(verb, "--root", host.Root);
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith(words, run.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await CommandLineRun.Of(verb, "--root", host.Root, "--json")).Output);
        Assert.Equal(0, json.RootElement.GetArrayLength());
    }

    [Fact]
    public async Task A_dead_device_has_words_for_what_it_does_not_say()
    {
        using var host = FakeHost.Create().AddDirectory("/sys/bus/pci/devices/0000:01:00.0");
        var shown = (await CommandLineRun.Of("show", "0000:01:00.0", "--root", host.Root)).Output.Split('\n')[0];
        Assert.Equal("0000:01:00.0 unknown class: unknown vendor unknown device [????:????]", shown);
        Assert.Contains("????:????", (await CommandLineRun.Of("list", "--root", host.Root)).Output, StringComparison.Ordinal);
    }

    // On the machine of the test, whatever it is: no machine has this function.
    [Theory]
    [InlineData(1, "bind", "bind 0000:fe:1f.7")]
    [InlineData(1, "unbind", "unbind 0000:fe:1f.7")]
    [InlineData(1, "persist", "persist add 0000:fe:1f.7")]
    [InlineData(0, "unpersist", "persist remove 0000:fe:1f.7")]
    [InlineData(0, "installStartHook", "hook install")]
    [InlineData(0, "removeStartHook", "hook remove")]
    public async Task A_dry_run_prints_the_plan_as_json_and_the_exit_code_tells_a_refusal(int exitCode, string kind, string command)
    {
        var run = await CommandLineRun.Of(WithoutLibvirt, [.. command.Split(' '), "--dry-run", "--json"]);
        Assert.True(run.ExitCode == exitCode, run.Errors);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal((kind, exitCode == 1), (json.RootElement.GetProperty("kind").GetString(), json.RootElement.GetProperty("refused").GetBoolean()));
        Assert.Equal(
            ["format", "kind", "purpose", "domain", "domainUuid", "connection", "refused", "accepted", "devices", "request", "steps", "findings", "options", "host"],
            json.RootElement.EnumerateObject().Select(property => property.Name));
        Assert.All(json.RootElement.GetProperty("steps").EnumerateArray(), step =>
            Assert.Equal(["number", "kind", "device", "description", "undo", "command"], step.EnumerateObject().Select(property => property.Name)));
    }

    [Theory]
    [InlineData("doctor", "0000:01:00")]
    [InlineData("plan", "nonsense", "--domain", "vm1")]
    [InlineData("plan", "0000:01:00.0")]
    [InlineData("fly")]
    [InlineData("list", "--rot", "/")]
    [InlineData("bind")]
    [InlineData("bind", "nonsense")]
    [InlineData("bind", "0000:01:00.0", "--driver", "../../etc")]
    [InlineData("bind", "0000:01:00.0", "--driver", "")]
    [InlineData("bind", "0000:01:00.0", "--json")]
    [InlineData("unbind")]
    [InlineData("unbind", "0000:01:00.0", "--accept", "no.such-finding")]
    [InlineData("reset")]
    [InlineData("reset", "0000:01:00.0", "0000:01:00.1")]
    [InlineData("reset", "0000:01:00.0", "--method", "f l r")]
    [InlineData("recover", "--root", "/")]
    [InlineData("vf", "0000:01:00.0", "many")]
    [InlineData("vf", "0000:01:00.0", "-1")]
    [InlineData("vf", "0000:01:00.0")]
    [InlineData("vf", "0000:01:00.0", "2", "--vf", "vlan=100")]
    [InlineData("vf", "0000:01:00.0", "2", "--vf", "0")]
    [InlineData("vf", "0000:01:00.0", "2", "--vf", "0 vlan=many")]
    [InlineData("vf", "0000:01:00.0", "2", "--vf", "0 trust=perhaps")]
    [InlineData("vf", "0000:01:00.0", "2", "--vf", "0 vlan=1 vlan=2")]
    [InlineData("vf", "0000:01:00.0", "2", "--vf", "0 priority=2")]
    [InlineData("vf", "0000:01:00.0", "2", "--autoprobe", "--no-autoprobe")]
    [InlineData("state", "check")]
    [InlineData("state", "apply", "-", "--json")]
    [InlineData("list", "--root", "")]
    [InlineData("list", "@/etc/hostname")]
    public async Task Bad_usage_is_exit_code_2_and_one_line(params string[] arguments) => AssertOneLine(2, await CommandLineRun.Of(arguments));

    [Theory]
    [InlineData("fly", "fly")]
    [InlineData("boot sideways", "boot", "sideways")]
    public async Task A_word_that_is_no_command_is_named(string word, params string[] arguments) =>
        Assert.Contains($"'{word}'", AssertOneLine(2, await CommandLineRun.Of(arguments)), StringComparison.Ordinal);

    [Theory]
    [InlineData("hostdev")]
    [InlineData("rewrite")]
    public async Task A_directory_is_no_document(string verb) =>
        Assert.Contains("directory", AssertOneLine(3, await CommandLineRun.Of(verb, _host.Root)), StringComparison.Ordinal);

    [Fact]
    public async Task A_root_that_is_not_there_is_exit_code_3_and_is_named() =>
        Assert.Contains("/no/such/root", AssertOneLine(3, await CommandLineRun.Of("list", "--root", "/no/such/root")), StringComparison.Ordinal);

    [Theory]
    [InlineData("plan")]
    [InlineData("assign")]
    [InlineData("release")]
    public async Task Without_libvirt_on_the_machine_the_line_names_it_and_the_way_out(string verb) =>
        Assert.Contains("libvirt", AssertOneLine(3, await CommandLineRun.Of(WithoutLibvirt, verb, "0000:01:00.0", "--domain", "vm1")), StringComparison.Ordinal);

    private static string AssertOneLine(int exitCode, CommandLineRun run)
    {
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Equal("", run.Output);
        Assert.StartsWith("passthrough: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(1, run.Errors.Count(c => c == '\n'));
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        return run.Errors;
    }
}
