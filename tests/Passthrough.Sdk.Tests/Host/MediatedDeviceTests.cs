using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.MediatedDevices;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Host;

public sealed class MediatedDeviceTests : IDisposable
{
    private const string Directory = "/etc/mdevctl.d";
    private const string Rule = "/lib/udev/rules.d/60-mdevctl.rules";

    // As mdevctl 1.2.0 writes them: define --auto, then modify --addattr.
    private const string Defined = "{\n  \"mdev_type\": \"mtty-2\",\n  \"start\": \"auto\",\n  \"attrs\": []\n}";
    private const string WithAttribute =
        "{\n  \"mdev_type\": \"vfio_ap-passthrough\",\n  \"start\": \"manual\",\n  \"attrs\": [\n    {\n      \"assign_domain\": \"0xab\"\n    },\n    {\n      \"assign_domain\": \"4\"\n    }\n  ]\n}";

    private static readonly Guid First = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1001");
    private static readonly Guid Second = Guid.Parse("83b8f4f2-509f-382f-3c1e-e6bfe0fa1002");

    private readonly FakeHost _fake = FakeHost.Create();

    private MediatedDeviceStatus Status => PassthroughHost.At(_fake.Root).Capture().System.MediatedDevices;

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_parent_need_not_be_a_pci_function()
    {
        _fake.AddPciDevice("0000:00:02.0", driver: "i915")
            .AddMediatedType("0000:00:02.0", "i915-GVTg_V5_4", 1, description: "low_gm_size: 128MB")
            .AddMediatedType("mtty", "mtty-1", 24, "Single port serial").AddMediatedType("mtty", "mtty-2", 12, "Dual port serial")
            .AddMediatedDevice("mtty", "mtty-2", First);

        var status = Status;

        Assert.Equal(["0000:00:02.0", "mtty"], status.Parents.Value.Select(parent => parent.Name));
        Assert.Equal("0000:00:02.0", status.FindParent("0000:00:02.0")!.Address.ToString());
        Assert.Equal(("i915", "low_gm_size: 128MB"), (status.FindParent("0000:00:02.0")!.Driver, status.FindParent("0000:00:02.0")!.FindType("i915-GVTg_V5_4")!.Description));
        var mtty = status.FindParent("mtty")!;
        Assert.Null(mtty.Address);
        Assert.Equal([("mtty-1", "Single port serial", 24), ("mtty-2", "Dual port serial", 11)], mtty.Types.Value.Select(type => (type.Id, type.Name!, type.AvailableInstances!.Value)));
        Assert.Equal([First.ToString()], mtty.FindType("mtty-2")!.Instances);
        Assert.Equal(new MediatedDevice(First, "mtty", "mtty-2", "mtty", 0), Assert.Single(status.Devices.Value));
    }

    [Fact]
    public void Without_the_module_there_is_none_and_without_the_files_it_is_unknown()
    {
        Assert.Equal((FactState.Absent, FactState.Absent, FactState.Absent), (Status.Parents.State, Status.Devices.State, Status.Definitions.State));
        Assert.Equal(FactState.Unknown, Status.Starter.State);

        var notAsked = PassthroughHost.At(_fake.Root).Capture(CaptureOptions.DevicesOnly).System.MediatedDevices;
        Assert.Equal((FactState.Unknown, FactState.Unknown), (notAsked.Parents.State, notAsked.Definitions.State));
    }

    [Fact]
    public void Definitions_are_those_of_mdevctl()
    {
        _fake.WriteFile($"{Directory}/mtty/{First}", Defined)
            .WriteFile($"{Directory}/matrix/{Second}", WithAttribute)
            .WriteFile($"{Directory}/mtty/notes.txt", "not read, as mdevctl does not")
            .WriteFile($"{Directory}/scripts.d/callouts/{Second}", "#!/bin/sh\n");

        var status = Status;

        Assert.Empty(status.UnreadDefinitions);
        Assert.Equal([("matrix", Second, false), ("mtty", First, true)], status.Definitions.Value.Select(definition => (definition.Parent, definition.Uuid, definition.IsAutomatic)));
        Assert.Equal([new("assign_domain", "0xab"), new("assign_domain", "4")], status.FindDefinitions(Second)[0].Attributes);
        Assert.Equal($"{Directory}/mtty/{First}", status.FindDefinitions(First)[0].Path);
    }

    [Theory]
    [InlineData(Defined)]
    [InlineData(WithAttribute)]
    public void What_mdevctl_wrote_is_written_in_the_same_way(string text)
    {
        Assert.True(MediatedDefinitionFile.TryParse("mtty", First, text, out var definition, out _));
        Assert.Equal(text, MediatedDefinitionFile.Write(definition));
    }

    [Fact]
    public void What_is_not_known_is_kept()
    {
        const string Text = """{"later":{"a":[1,2]},"mdev_type":"mtty-1","start":"manual","attrs":null,"note":"größer"}""";

        Assert.True(MediatedDefinitionFile.TryParse("mtty", First, Text, out var definition, out _));
        var written = MediatedDefinitionFile.Write(definition with { IsAutomatic = true });

        Assert.StartsWith("{\n  \"mdev_type\": \"mtty-1\",\n  \"start\": \"auto\",\n  \"attrs\": [],\n  \"later\": {", written, StringComparison.Ordinal);
        Assert.EndsWith("  \"note\": \"größer\"\n}", written, StringComparison.Ordinal);
        Assert.True(MediatedDefinitionFile.TryParse("mtty", First, written, out var again, out _));
        Assert.Equal(["later", "note"], again.Others.Select(other => other.Key));
    }

    // mdevctl 1.2.0 takes none of these, and then lists nothing at all.
    [Theory]
    [InlineData("", "not JSON")]
    [InlineData("[]", "not a JSON object")]
    [InlineData("""{"start":"auto"}""", "no 'mdev_type'")]
    [InlineData("""{"mdev_type":"mtty-2"}""", "no 'start'")]
    [InlineData("""{"mdev_type":5,"start":"auto"}""", "'mdev_type' is not a string")]
    [InlineData("""{"mdev_type":"mtty-2","start":"auto","attrs":{"a":"1"}}""", "'attrs'")]
    [InlineData("""{"mdev_type":"mtty-2","start":"auto","attrs":[{"a":1}]}""", "'attrs'")]
    [InlineData("""{"mdev_type":"mtty-2","start":"auto","attrs":[{"a":"1","b":"2"}]}""", "'attrs'")]
    [InlineData("""{"mdev_type":"mtty-2","start":"auto","attrs":[{}]}""", "'attrs'")]
    public void A_file_that_is_no_definition_is_named_with_the_reason(string text, string reason)
    {
        _fake.WriteFile($"{Directory}/mtty/{First}", text).WriteFile($"{Directory}/mtty/{Second}", Defined);

        var status = Status;

        var unread = Assert.Single(status.UnreadDefinitions);
        Assert.Equal($"{Directory}/mtty/{First}", unread.Path);
        Assert.Contains(reason, unread.Reason, StringComparison.Ordinal);
        Assert.Equal(Second, Assert.Single(status.Definitions.Value).Uuid);
    }

    [Theory]
    [InlineData("/usr/sbin/mdevctl", false)]
    [InlineData("/usr/sbin/mdevctl", true)]
    public void The_program_that_the_rule_runs_is_looked_for(string program, bool exists)
    {
        _fake.WriteFile(Rule, $"# /usr/bin/mdevctl in a comment\nACTION==\"add\", TEST==\"/etc/mdevctl.d/$kernel\", RUN+=\"/bin/sh -c '{{ {program} start-parent-mdevs %k 2>&3; }}'\"\n");
        if (exists)
        {
            _fake.WriteFile(program, "");
        }

        Assert.Equal(new MediatedStarter(Rule, program, exists), Status.Starter.Value);
    }

    [Fact]
    public void A_rule_in_etc_replaces_the_one_of_the_package()
    {
        _fake.WriteFile(Rule, "RUN+=\"/usr/sbin/mdevctl\"").WriteFile("/etc/udev/rules.d/60-mdevctl.rules", "# switched off\n");

        Assert.Equal(new MediatedStarter("/etc/udev/rules.d/60-mdevctl.rules", null, null), Status.Starter.Value);
    }

    [Fact]
    public void A_captured_host_says_the_same()
    {
        _fake.AddMediatedType("mtty", "mtty-1", 24).AddMediatedDevice("mtty", "mtty-1", First).WriteFile($"{Directory}/mtty/{Second}", Defined)
            .WriteFile($"{Directory}/mtty/{First}", "{}").WriteFile(Rule, "RUN+=\"/usr/sbin/mdevctl\"").WriteFile("/usr/sbin/mdevctl", "program");
        var file = _fake.PathOf("/host.tar.gz");
        using (var archive = File.Create(file))
        {
            PassthroughHost.At(_fake.Root).CaptureTo(archive);
        }

        var (there, here) = (Status, PassthroughHost.At(file).Capture().System.MediatedDevices);

        Assert.Equal(there.Devices.Value, here.Devices.Value);
        Assert.Equal(there.Definitions.Value, here.Definitions.Value);
        Assert.Equal(there.UnreadDefinitions, here.UnreadDefinitions);
        Assert.Equal(there.Starter, here.Starter);
        Assert.Equal(there.Parents.Value.Select(parent => (parent.Name, parent.Types)), here.Parents.Value.Select(parent => (parent.Name, parent.Types)));
    }
}
