using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.PackageTests;

/// <summary>From an empty folder: the first program and the first test of somebody who has only the packages and the documents.</summary>
public sealed partial class NewProjectTests(Packages packages, ITestOutputHelper output)
{
    private const string Guest = """
        <domain type='qemu'>
          <name>vm1</name>
          <memory unit='MiB'>64</memory>
          <os><type arch='x86_64' machine='q35'>hvm</type></os>
          <devices>
            <controller type='usb' model='none'/>
            <memballoon model='none'/>
          </devices>
        </domain>
        """;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_program_of_the_README_gives_a_NIC_to_a_guest_also_ahead_of_time()
    {
        var missing = VirtualHost.FindMissing(options => options.Libvirt = true);
        Prerequisite.Require(missing.IsEmpty, string.Join("; ", missing));
        var started = Stopwatch.GetTimestamp();
        var folder = await packages.NewProject("console", "FirstProgram", "Passthrough.Sdk");
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), CodeOf("README.md", "samples/FrontPage/Program.cs"), Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "Linux.cs"), "[assembly: System.Runtime.Versioning.SupportedOSPlatform(\"linux\")]\n", Token);
        await Packages.Dotnet(folder, "build", "-o", "out", "-v:q", "-nologo", "-warnaserror");
        output.WriteLine($"the folder, the package and the build: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        started = Stopwatch.GetTimestamp();
        await Packages.Dotnet(folder, "publish", "--use-current-runtime", "-o", "native", "-v:q", "-nologo", "-warnaserror", "-p:PublishAot=true", "-p:CppCompilerAndLinker=gcc");
        output.WriteLine($"ahead of time, without a warning: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, {new FileInfo(Path.Combine(folder, "native", "FirstProgram")).Length / 1e6:0.0} MB");

        await using var host = await VirtualHost.StartAsync(options => options.Libvirt = true, Token);
        (await host.RunAsync("modprobe", "vfio-pci")).EnsureSuccess(); // what the program says itself without it
        await File.WriteAllTextAsync(Path.Combine(folder, "vm1.xml"), Guest, Token);
        foreach (var program in (string[][])[["dotnet", Path.Combine(folder, "out", "FirstProgram.dll")], [Path.Combine(folder, "native", "FirstProgram")]])
        {
            (await host.RunAsync("virsh", "define", Path.Combine(folder, "vm1.xml"))).EnsureSuccess();
            started = Stopwatch.GetTimestamp();
            var result = (await host.RunAsync(program[0], program[1..])).EnsureSuccess();
            output.WriteLine($"{program[^1]}, emulated: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s\n{result.Output}");
            Assert.Contains("0000:01:00.0", result.Output, StringComparison.Ordinal);
            var definition = (await host.RunAsync("virsh", "dumpxml", "--inactive", "vm1")).EnsureSuccess().Output;
            Assert.Contains("<hostdev mode='subsystem' type='pci' managed='yes'>", definition, StringComparison.Ordinal);
            (await host.RunAsync("virsh", "undefine", "vm1")).EnsureSuccess();
        }
    }

    // PackageTests asks the same project without it.
    [Fact]
    public async Task A_new_web_project_answers_health_probes_also_ahead_of_time()
    {
        var folder = await packages.WebProject;
        // Every member of the package is compiled, not only those that this program reaches.
        await File.WriteAllTextAsync(Path.Combine(folder, "Directory.Build.targets"), """
            <Project>
              <ItemGroup>
                <TrimmerRootAssembly Include="Passthrough.Sdk.Extensions" />
              </ItemGroup>
            </Project>
            """, Token);
        var started = Stopwatch.GetTimestamp();
        await Packages.Dotnet(folder, "publish", "--use-current-runtime", "-o", "native", "-v:q", "-nologo", "-warnaserror", "-p:PublishAot=true", "-p:CppCompilerAndLinker=gcc");
        var file = Path.Combine(folder, "native", "WebHost");
        output.WriteLine($"ahead of time, without a warning: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s, {new FileInfo(file).Length / 1e6:0.0} MB");

        using var fake = FakeHost.Create().AddSystem().AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, iommuGroup: 9).Remove("/dev/vfio/vfio");
        await using var program = await WebHostProcess.StartAsync(file, fake.Root);
        using var client = new HttpClient { BaseAddress = program.Address };
        using var probe = await client.GetAsync("/healthz", Token);
        var text = await probe.Content.ReadAsStringAsync(Token);

        Assert.True(probe.StatusCode == HttpStatusCode.ServiceUnavailable, text);
        Assert.Contains($"host.source: {fake.Root}\n", text, StringComparison.Ordinal);
        Assert.Contains("vfio.node-missing: error: ", text, StringComparison.Ordinal);
        Assert.Equal(0, await program.StopAsync());
    }

    [Fact]
    public async Task The_first_test_of_the_testing_page_passes()
    {
        var started = Stopwatch.GetTimestamp();
        var folder = await packages.NewProject("console", "FirstTests", "Passthrough.Sdk.Testing");
        await Packages.Dotnet(folder, "add", "package", "xunit.v3", "--version", Packages.VersionOf("xunit.v3"));
        File.Delete(Path.Combine(folder, "Program.cs"));
        var body = CodeAfter("docs/testing.md", "## A host that acts");
        await File.WriteAllTextAsync(Path.Combine(folder, "FirstTest.cs"), $$"""
            {{body.Split('\n')[0].TrimStart('/', ' ').Replace("; ", ";\n", StringComparison.Ordinal)}}

            public sealed class FirstTest
            {
                [Fact]
                public async System.Threading.Tasks.Task A_nic_goes_to_a_guest()
                {
            {{body}}
                }
            }
            """, Token);
        var text = await Packages.Dotnet(folder, "run");
        output.WriteLine($"{text}\nfrom the empty folder until it is green: {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        Assert.Contains("Total: 1, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", text, StringComparison.Ordinal);
    }

    // The code between the marks that name its file.
    private static string CodeOf(string document, string snippet) =>
        CodeAfter(document, $"<!-- snippet: {snippet} -->");

    private static string CodeAfter(string document, string mark)
    {
        var text = File.ReadAllText(Repository.PathOf(document));
        return Code().Match(text, text.IndexOf(mark, StringComparison.Ordinal)).Groups["code"].Value;
    }

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Code();
}
