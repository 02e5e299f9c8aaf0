using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing;

/// <summary>A fake host is in memory until something needs its directory, and only the time that this takes shows the difference.</summary>
public sealed class MemoryHostTests
{
    private const string Nic = "0000:01:00.0";

    public static TheoryData<string> Machines => ["Intel", "Amd", "Arm", "XenDom0", "faulty", "taken"];

    [Theory]
    [MemberData(nameof(Machines))]
    public void A_host_is_the_same_in_memory_and_in_its_directory(string machine)
    {
        using var host = Of(machine);
        var (before, report, devices) = (host.Capture(), Text(host), Details(host));
        Assert.False(Path.Exists(host.Open().Source));

        Assert.Equal(host.Open().Source, host.Files.Root);
        Assert.True(Directory.Exists(host.Files.PathOf("/sys/bus/pci/devices")));
        Assert.Equal(report, Text(host));
        Assert.Equal(devices, Details(host));
        host.ShouldBeUnchangedSince(before);
        Assert.Equal(before.Unread, host.Capture().Unread);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void A_host_is_the_same_if_it_is_in_its_directory_from_the_beginning(string machine)
    {
        using var memory = Of(machine);
        using var disk = Of(machine).OnDisk();
        Assert.True(Directory.Exists(disk.Files.PathOf("/sys")));

        Assert.Equal(Text(memory), Text(disk));
        Assert.Equal(Details(memory), Details(disk));
    }

    [Fact]
    public async Task Captures_and_plans_need_no_directory_and_applying_does()
    {
        using var host = TestHost.Intel().WithNic(Nic);
        var guest = host.Libvirt.AddDomain("vm1", isRunning: true);
        var open = host.Open();

        var plan = open.Plan([PciAddress.Parse(Nic)], guest);
        Assert.NotEmpty(open.PlanBind([PciAddress.Parse(Nic)], "vfio-pci").Steps);
        Assert.False(plan.IsRefused, plan.ToString());
        Assert.False(Path.Exists(open.Source));

        await plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists($"{open.Source}/var/lib/passthrough/journal"));
        Assert.Equal("vfio-pci", Path.GetFileName(new FileInfo($"{open.Source}{host.Files.DevicePath(Nic)}/driver").LinkTarget));
        Assert.NotNull(host.Files.WriteFile("/etc/late", "1"));
        Assert.Equal("1", await File.ReadAllTextAsync(host.Files.PathOf("/etc/late"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_plan_sees_a_journal_that_is_only_in_memory()
    {
        using var host = TestHost.Intel().WithNic(Nic);
        host.Files.WriteFile("/var/lib/passthrough/journal/broken.json", "{");

        var plan = host.Open().PlanBind([PciAddress.Parse(Nic)], "vfio-pci");

        Assert.True(plan.IsRefused, plan.ToString());
    }

    [Fact]
    public void Names_of_the_host_are_found_in_memory()
    {
        using var host = TestHost.Intel().WithNic(Nic);
        host.Files.WriteFile("/usr/share/misc/pci.ids", "8086  A vendor of this host\n\t10d3  A device of this host\n");

        Assert.Equal("A vendor of this host A device of this host", host.Capture().Devices[PciAddress.Parse(Nic)].Name);
    }

    [Fact]
    public void Nothing_is_made_after_the_end()
    {
        var host = FakeHost.Create().AddPciDevice(Nic);
        host.Dispose();

        Assert.False(Path.Exists(host.Root));
        Assert.False(Path.Exists(host.PathOf("/sys")));
    }

    [Fact]
    public void A_path_out_of_the_host_is_refused()
    {
        using var host = FakeHost.Create();

        Assert.Throws<ArgumentException>(() => host.WriteFile("/../outside", ""));
        Assert.Throws<ArgumentException>(() => host.PathOf("a/../../outside"));
        Assert.Equal($"{host.Root}/b", host.PathOf("a/.././b/"));
        Assert.Equal(host.Root, host.PathOf("/"));
    }

    [Fact]
    public void A_file_that_was_written_long_before_the_directory_keeps_its_time()
    {
        using var host = FakeHost.Create().WriteFile("/etc/old", "");
        Thread.Sleep(50);
        host.WriteFile("/etc/new", "");

        Assert.True(File.GetLastWriteTimeUtc(host.PathOf("/etc/new")) - File.GetLastWriteTimeUtc(host.PathOf("/etc/old")) > TimeSpan.FromMilliseconds(30));
    }

    /// <summary>The same calls, made to both, have the same result; names are few, so that links, files and directories get in each other's way.</summary>
    [Fact]
    public void Every_call_does_the_same_in_memory_as_in_a_directory()
    {
        var outcomes = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < 60; seed++)
        {
            using var memory = FakeHost.Create();
            using var disk = FakeHost.Create();
            _ = disk.Root;
            var (one, other) = (((PassthroughHost)memory.Open()).Sysfs, ((PassthroughHost)disk.Open()).Sysfs);
            var random = new Random(seed);
            for (var i = 0; i < 120; i++)
            {
                var call = Next(random);
                var expected = call(disk, other);
                Assert.Equal(expected, call(memory, one));
                outcomes[expected] = outcomes.GetValueOrDefault(expected) + 1;
            }

            Assert.False(Path.Exists(memory.Open().Source), "the host in memory was written to a directory");
        }

        // The calls meet what they are meant to meet.
        Assert.Contains("add link: IOException", outcomes.Keys);
        Assert.Contains("write file: IOException", outcomes.Keys);
        Assert.Contains(outcomes.Keys, outcome => outcome.StartsWith("read: 0 ", StringComparison.Ordinal));
        Assert.Contains($"read: {Errno.TooManyLinks} ", outcomes.Keys);
        Assert.Contains(outcomes.Keys, outcome => outcome.StartsWith($"list: {Errno.NotDirectory} ", StringComparison.Ordinal));
        Assert.Contains(outcomes.Keys, outcome => outcome.StartsWith("write: 0", StringComparison.Ordinal));
    }

    private static Func<FakeHost, ISysfs, string> Next(Random random)
    {
        // Deep enough that no relative link leads out of the host.
        const string Base = "/1/2/3/4/5/6/7/8";
        string[] names = ["a", "b", "c"];
        string Some() => string.Concat(Enumerable.Range(0, random.Next(1, 4)).Select(_ => $"/{names[random.Next(names.Length)]}"));
        var (path, target, text, relative) = (Base + Some(), Base + Some(), $"text {random.Next(9)}", random.Next(4) == 0 ? names[random.Next(names.Length)] : null);
        switch (random.Next(10))
        {
            case 0:
            case 1:
                return (host, _) => Tried("write file", () => host.WriteFile(path, text));
            case 2:
                return (host, _) => Tried("add directory", () => host.AddDirectory(path));
            case 3:
            case 4:
                return (host, _) => Tried("add link", () => host.AddLink(path, relative ?? target));
            case 5:
                return (host, _) => Tried("remove", () => host.Remove(path));
            case 6:
                return (_, files) => $"write: {files.TryWrite(path, System.Text.Encoding.UTF8.GetBytes(text))}";
            case 7:
                return (_, files) => $"link: {files.TryReadLink(path, out var link)} {link}";
            case 8:
                return (_, files) =>
                {
                    var found = new List<string>();
                    return $"list: {files.TryList(path, found)} {string.Join(' ', found.Order(StringComparer.Ordinal))}, status {files.TryStatus(path, out var status)} {status.Kind} {(status.Kind == FileKind.Directory ? 0 : status.Size)}";
                };
            default:
                return (_, files) => $"read: {files.TryReadAll(path, 100, out var content)} {System.Text.Encoding.UTF8.GetString(content)}";
        }
    }

    private static string Tried(string what, Action action)
    {
        try
        {
            action();
            return what;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{what}: IOException";
        }
    }

    private static string Text(TestHost host) => string.Join('\n', host.CheckReadiness().Concat(host.CheckDevice(Nic)).SelectMany(finding => finding.Consequences.Prepend(finding))
        .Select(finding => $"{finding} {string.Join(", ", finding.Devices)} {finding.Remedy} {string.Join("; ", finding.Evidence)}")).Replace(host.Open().Source, "ROOT", StringComparison.Ordinal);

    private static string Details(TestHost host) => string.Join('\n', host.Capture().Devices.Select(device =>
        $"{device} {device.IommuGroupId} {device.Details!.DriverOverride} {device.Details.Modalias} {device.Details.Configuration?.Capabilities.Count} {string.Join(',', device.Details.ResetMethods ?? [])}"));

    private static TestHost Of(string machine) => machine switch
    {
        "Intel" => TestHost.Intel().WithNic(Nic).WithGpu("0000:02:00.0"),
        "Amd" => TestHost.Amd().WithNic(Nic).WithIpAddress("192.0.2.10/24").WithMountedDisk("0000:02:00.0", "/srv"),
        "Arm" => TestHost.Arm().WithNic(Nic),
        "XenDom0" => TestHost.XenDom0().WithNic(Nic).BoundTo("pciback"),
        "faulty" => TestHost.Intel().WithNic(Nic).BehindBridge("0000:00:1e.0").WithoutVfio().WithoutInterruptRemapping().WithoutIommuTable(),
        _ => TestHost.Intel().WithNic(Nic).BoundTo("vfio-pci").WithUsbController("0000:03:00.0").BoundTo(null),
    };

    [Theory]
    [InlineData("/passthrough-outside")]
    [InlineData("../../../../../../../../passthrough-outside")]
    [InlineData("below/../../../../../../../passthrough-outside")]
    public void A_link_leads_nowhere_outside_of_the_hosts_directory(string target)
    {
        using var host = FakeHost.Create().AddDirectory("/passthrough-outside").AddDirectory("/etc/below");
        host.AddLink("/etc/before", target[0] == '/' ? "../passthrough-outside" : target);
        var root = host.Root; // the directory is made
        host.AddLink("/etc/after", target);

        foreach (var link in (ReadOnlySpan<string>)["before", "after"])
        {
            host.WriteFile($"/etc/{link}/{link}.txt", "1");
            Assert.True(System.IO.File.Exists($"{root}/passthrough-outside/{link}.txt"), $"{link}: {new FileInfo($"{root}/etc/{link}").LinkTarget}");
        }

        Assert.False(Path.Exists("/passthrough-outside"));
    }
}
