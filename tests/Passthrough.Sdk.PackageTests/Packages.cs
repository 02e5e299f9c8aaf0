using System.Diagnostics;
using System.IO.Compression;
using System.Xml.Linq;
using Passthrough.Sdk.TestSupport;

[assembly: AssemblyFixture(typeof(Passthrough.Sdk.PackageTests.Packages))]

namespace Passthrough.Sdk.PackageTests;

/// <summary>The packages, packed once from this checkout, and a program outside of it that uses them.</summary>
public sealed class Packages : IAsyncLifetime
{
    private readonly DirectoryInfo _work = Directory.CreateTempSubdirectory("passthrough-packages-");
    private readonly Lazy<Task<string>> _webProject;

    public Packages() => _webProject = new(BuildWebProject);

    /// <summary>The folder of the web program of docs/extensions.md: a project of the SDK's template with the package, built once, without a warning, into <c>out</c>.</summary>
    public Task<string> WebProject => _webProject.Value;

    /// <summary>The version of all, as MinVer made it.</summary>
    private string Version { get; set; } = string.Empty;

    private string Feed => Path.Combine(_work.FullName, "feed");

    public async ValueTask InitializeAsync()
    {
        await Pack("Passthrough.Sdk.Testing");
        const string prefix = "Passthrough.Sdk.Testing.";
        Version = Path.GetFileNameWithoutExtension(Directory.GetFiles(Feed, $"{prefix}*.nupkg").Single())[prefix.Length..];
        // A commit meanwhile would give the others another version, and they are asked for together.
        await Pack("Passthrough.Sdk", $"-p:MinVerVersionOverride={Version}");
        await Pack("Passthrough.Sdk.Extensions", $"-p:MinVerVersionOverride={Version}");
    }

    public ValueTask DisposeAsync()
    {
        _work.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Every file that is not the container's own, with its content.</summary>
    /// <param name="id">The package.</param>
    /// <param name="extension">That of the package or of its symbols: <c>nupkg</c>, <c>snupkg</c>.</param>
    public async Task<IReadOnlyDictionary<string, byte[]>> Files(string id, string extension = "nupkg")
    {
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        await using var archive = await ZipFile.OpenReadAsync(Path.Combine(Feed, $"{id}.{Version}.{extension}"));
        foreach (var entry in archive.Entries)
        {
            if (entry.FullName is not "[Content_Types].xml" && !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal)
                && !entry.FullName.StartsWith("package/", StringComparison.Ordinal))
            {
                await using var content = await entry.OpenAsync();
                var bytes = new MemoryStream();
                await content.CopyToAsync(bytes);
                files.Add(entry.FullName, bytes.ToArray());
            }
        }

        return files;
    }

    /// <summary>Builds the program against the packages, as a user does, and gives what it prints.</summary>
    public Task<string> RunConsumer() => Run("Consumer");

    /// <summary>Builds a user's test project against the packages, and gives what its tests print.</summary>
    public Task<string> RunUserTests() => Run("UserTests", $"-p:XunitVersion={VersionOf("xunit.v3")}", $"-p:MoqVersion={VersionOf("Moq")}");

    /// <summary>Builds a user's test project that boots virtual hosts, without running it.</summary>
    /// <returns>The program.</returns>
    public async Task<string> BuildVirtualHostUser()
    {
        var folder = CopyOf("VirtualHostUser");
        await Dotnet(folder, ["build", "-o", "out", "-v:q", "-nologo", .. Restore, $"-p:XunitVersion={VersionOf("xunit.v3")}"]);
        return Path.Combine(folder, "out", "VirtualHostUser");
    }

    /// <summary>Builds a program against the packages, and gives what the compiler prints.</summary>
    public Task<string> Build(string project, params string[] options) => Dotnet(CopyOf(project), ["build", "-v:q", "-nologo", .. Restore, .. options]);

    /// <summary>Makes a project in an empty folder as a stranger does: from a template of the SDK, with packages that are added by name.</summary>
    /// <param name="template">The template, with its options: <c>console</c>, <c>web --no-https</c>.</param>
    /// <param name="name">The name of the project and of its folder.</param>
    /// <param name="ids">Our packages.</param>
    /// <returns>The folder.</returns>
    public async Task<string> NewProject(string template, string name, params string[] ids)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_work.FullName, name)).FullName;
        // Our feed beside those of this machine; packages of the same version may have been restored here before.
        await File.WriteAllTextAsync(Path.Combine(folder, "nuget.config"), $"""
            <configuration>
              <config><add key="globalPackagesFolder" value="{Path.Combine(_work.FullName, "restored")}" /></config>
              <packageSources><add key="local" value="{Feed}" /></packageSources>
            </configuration>
            """);
        await Dotnet(folder, ["new", .. template.Split(' '), "-n", name, "-o", ".", "--no-update-check"]);
        foreach (var id in ids)
        {
            await Dotnet(folder, "add", "package", id, "--version", Version);
        }

        return folder;
    }

    // Packages of the same version may have been restored on this machine before: these go to a folder of their own.
    private string[] Restore =>
        [$"-p:PackageVersion={Version}", $"-p:RestoreAdditionalProjectSources={Feed}", $"-p:RestorePackagesPath={Path.Combine(_work.FullName, "restored")}"];

    private Task<string> Pack(string id, params string[] properties) =>
        Dotnet(Repository.PathOf("."), ["pack", $"src/{id}", "-c", "Release", "-o", Feed, "-v:q", .. properties]);

    private Task<string> Run(string project, params string[] properties) => Dotnet(CopyOf(project), ["run", .. Restore, .. properties]);

    private async Task<string> BuildWebProject()
    {
        const string project = "WebHost";
        var folder = await NewProject("web --no-https", project, "Passthrough.Sdk.Extensions");
        CopyOf(project);
        await Dotnet(folder, "build", "-o", "out", "-v:q", "-nologo", "-warnaserror");
        return folder;
    }

    private string CopyOf(string project)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_work.FullName, project)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, project)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        return folder;
    }

    /// <summary>The version of a package that this repository uses.</summary>
    public static string VersionOf(string package) =>
        XDocument.Load(Repository.PathOf("Directory.Packages.props")).Descendants("PackageVersion").Single(each => (string?)each.Attribute("Include") == package).Attribute("Version")!.Value;

    /// <summary>Runs the SDK in a directory, and gives what it prints.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message has what it said.</exception>
    public static async Task<string> Dotnet(string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0" },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? await output
            : throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}{await error}");
    }
}
