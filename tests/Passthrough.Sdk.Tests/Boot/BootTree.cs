using System.Text;
using Passthrough.Sdk.Boot;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>A directory that stands for <c>/</c> of a host, made by a test and gone with it.</summary>
internal sealed class BootTree : IDisposable
{
    public string Root { get; } = Directory.CreateTempSubdirectory("boot-tree").FullName;

    public string this[string path]
    {
        get => Encoding.Latin1.GetString(File.ReadAllBytes(Root + path));
        set
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Root + path)!);
            File.WriteAllBytes(Root + path, Encoding.Latin1.GetBytes(value));
        }
    }

    public BootTree With(string path, string content = "")
    {
        this[path] = content;
        return this;
    }

    public BootTree Link(string path, string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Root + path)!);
        File.CreateSymbolicLink(Root + path, target);
        return this;
    }

    public BootConfiguration Detect() => BootConfiguration.Detect(Root);

    public BootPlan Plan(params string[] add) => Detect().Plan(Change(add));

    public static BootChange Change(params string[] add) => new()
    {
        Add = [.. add.Where(a => a[0] != '-').Select(BootParameter.Parse)],
        Remove = [.. add.Where(a => a[0] == '-').Select(a => a[1..])],
    };

    /// <summary>Every file but the journal's, with mode, link target and content: what revert has to give back.</summary>
    public SortedDictionary<string, string> Everything()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
        {
            string name = path[Root.Length..];
            if (name.StartsWith("/var/lib/passthrough", StringComparison.Ordinal))
                continue;
            all[name] = new FileInfo(path).LinkTarget
                ?? $"{(OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path))} {Convert.ToHexString(File.ReadAllBytes(path))}";
        }

        return all;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
