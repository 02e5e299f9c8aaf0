using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using System.Xml.Linq;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.PackageTests;

/// <summary>What a user gets from NuGet, and that it works outside of this checkout.</summary>
public sealed class PackageTests(Packages packages, ITestOutputHelper output)
{
    private const string Portable = "lib/net10.0/Passthrough.Sdk.dll";
    private const string X64 = "runtimes/linux-x64/lib/net10.0/Passthrough.Sdk.dll";
    private const string Arm64 = "runtimes/linux-arm64/lib/net10.0/Passthrough.Sdk.dll";

    [Fact]
    public async Task The_package_holds_the_library_its_documentation_and_ready_code_and_nothing_else()
    {
        var files = await packages.Files("Passthrough.Sdk");

        Assert.Equal(
            ["Passthrough.Sdk.nuspec", "README.md", "analyzers/dotnet/cs/Passthrough.Sdk.Analyzers.dll", "icon.png", Portable, "lib/net10.0/Passthrough.Sdk.xml", Arm64, X64],
            files.Keys);
    }

    [Fact]
    public async Task The_package_for_tests_holds_the_library_and_its_documentation_and_nothing_else()
    {
        var files = await packages.Files("Passthrough.Sdk.Testing");

        Assert.Equal(
            ["Passthrough.Sdk.Testing.nuspec", "README.md", "icon.png", "lib/net10.0/Passthrough.Sdk.Testing.dll", "lib/net10.0/Passthrough.Sdk.Testing.xml"],
            files.Keys);
    }

    [Fact]
    public async Task The_package_for_hosts_holds_the_library_and_its_documentation_and_nothing_else()
    {
        var files = await packages.Files("Passthrough.Sdk.Extensions");

        Assert.Equal(
            ["Passthrough.Sdk.Extensions.nuspec", "README.md", "icon.png", "lib/net10.0/Passthrough.Sdk.Extensions.dll", "lib/net10.0/Passthrough.Sdk.Extensions.xml"],
            files.Keys);
    }

    [Theory]
    [InlineData(
        "Passthrough.Sdk.Extensions",
        "Passthrough.Sdk",
        "Microsoft.Extensions.DependencyInjection.Abstractions",
        "Microsoft.Extensions.Diagnostics.HealthChecks.Abstractions",
        "Microsoft.Extensions.Hosting.Abstractions",
        "Microsoft.Extensions.Logging.Abstractions",
        "Microsoft.Extensions.Options")]
    [InlineData("Passthrough.Sdk", "Microsoft.Extensions.Logging.Abstractions", "System.IO.Abstractions")]
    [InlineData("Passthrough.Sdk.Testing", "Passthrough.Sdk")]
    public async Task A_package_asks_for_what_it_needs_and_says_under_which_licence_it_is(string id, params string[] needed)
    {
        var files = await packages.Files(id);
        var nuspec = XDocument.Load(new MemoryStream(files[$"{id}.nuspec"]));
        var names = nuspec.Root!.Name.Namespace;

        Assert.Equal(needed, nuspec.Descendants(names + "dependency").Select(dependency => dependency.Attribute("id")!.Value));
        Assert.Equal("MIT", nuspec.Descendants(names + "license").Single().Value);
    }

    [Theory]
    [InlineData(X64, Machine.Amd64)]
    [InlineData(Arm64, Machine.Arm64)]
    public async Task Ready_code_is_compiled_from_the_very_assembly_that_is_packed(string path, Machine machine)
    {
        var files = await packages.Files("Passthrough.Sdk");
        using var portable = new PEReader(new MemoryStream(files[Portable]));
        using var ready = new PEReader(new MemoryStream(files[path]));

        Assert.Equal(0, portable.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        Assert.NotEqual(0, ready.PEHeaders.CorHeader!.ManagedNativeHeaderDirectory.Size);
        // An image for Linux says so in its machine (the runtime's IMAGE_FILE_MACHINE_OS_MASK).
        Assert.Equal(machine, (Machine)((ushort)ready.PEHeaders.CoffHeader.Machine ^ 0x7b79));
        Assert.Equal(Identity(portable), Identity(ready));
    }

    [Theory]
    [InlineData("Passthrough.Sdk")]
    [InlineData("Passthrough.Sdk.Testing")]
    [InlineData("Passthrough.Sdk.Extensions")]
    public async Task Symbols_fit_the_assembly(string id)
    {
        var assembly = (await packages.Files(id))[$"lib/net10.0/{id}.dll"];
        var symbols = (await packages.Files(id, "snupkg"))[$"lib/net10.0/{id}.pdb"];
        using var image = new PEReader(new MemoryStream(assembly));
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(symbols));

        var entry = image.ReadDebugDirectory().Single(debug => debug.Type == DebugDirectoryEntryType.CodeView);
        Assert.Equal(
            image.ReadCodeViewDebugDirectoryData(entry).Guid,
            new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id).Guid);
    }

    [Fact]
    public async Task A_program_outside_of_the_checkout_runs_with_the_packages_and_compiles_nothing_of_ours()
    {
        var output = await packages.RunConsumer();

        Assert.Contains("read 0000:06:00.0\n", output, StringComparison.Ordinal);
        Assert.Contains("captured 0000:01:00.0\n", output, StringComparison.Ordinal);
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64, "there is ready code for x64 and arm64 only");
        Assert.Contains("compiled 0\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_users_tests_outside_of_the_checkout_mock_fake_plan_fail_and_undo()
    {
        var output = await packages.RunUserTests();

        Assert.Contains("Total: 3, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_web_project_with_the_package_answers_health_probes_with_the_findings()
    {
        using var fake = FakeHost.Create().AddSystem().AddPciDevice("0000:01:00.0", vendor: 0x8086, device: 0x10d3, iommuGroup: 9);
        await using var program = await WebHostProcess.StartAsync(Path.Combine(await packages.WebProject, "out", "WebHost.dll"), fake.Root);
        using var client = new HttpClient { BaseAddress = program.Address };
        using var healthy = await client.GetAsync("/healthz", Token);
        var text = await healthy.Content.ReadAsStringAsync(Token);
        Assert.True(healthy.StatusCode == HttpStatusCode.OK, text);
        Assert.StartsWith("Healthy in ", text);
        Assert.Contains($"host.source: {fake.Root}\nhost.captured_at: ", text, StringComparison.Ordinal);
        Assert.Contains("host.devices: 1\n", text, StringComparison.Ordinal);
        await WriteCost(client);

        fake.Remove("/dev/vfio/vfio");

        for (var i = 0; i < 120 && text.StartsWith("Healthy", StringComparison.Ordinal); i++)
        {
            await Task.Delay(500, Token);
            using var probe = await client.GetAsync("/healthz", Token);
            text = $"{await probe.Content.ReadAsStringAsync(Token)}{(int)probe.StatusCode}";
        }

        Assert.StartsWith("Unhealthy in ", text);
        Assert.Contains("vfio.node-missing: error: ", text, StringComparison.Ordinal);
        Assert.EndsWith("\n503", text);
        Assert.Equal(0, await program.StopAsync());
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task WriteCost(HttpClient client)
    {
        const int probes = 500;
        var (inside, outside) = (new List<double>(), new List<double>());
        for (var i = 0; i < probes; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var text = await client.GetStringAsync("/healthz", Token);
            outside.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            inside.Add(double.Parse(text.Split(' ')[2], CultureInfo.InvariantCulture));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{probes} probes: {Middle(inside):0.000} ms for the check, {Middle(outside):0.000} ms for the request (medians)"));

        static double Middle(List<double> times) => times.Order().ElementAt(probes / 2);
    }

    private static Guid Identity(PEReader image)
    {
        var metadata = image.GetMetadataReader();
        return metadata.GetGuid(metadata.GetModuleDefinition().Mvid);
    }
}
