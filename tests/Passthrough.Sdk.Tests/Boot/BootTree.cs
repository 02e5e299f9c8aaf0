using System.Text;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.BootChanges;

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

    public BootConfiguration Detect() => PassthroughHost.At(Root).ReadBootConfiguration();

    public BootPlan Plan(params string[] add) => Plan(Change(add));

    public BootPlan Plan(BootChange change) => PassthroughHost.At(Root).PlanBoot(change);

    /// <summary>Plans a change, and tells of every write before it happens.</summary>
    public BootPlan PlanWatched(string[] add, Action<string> beforeWrite) => PassthroughHost.At(Root).PlanBootWatched(Change(add), null, beforeWrite);

    /// <summary>Reverts the latest change; null when there is none.</summary>
    public BootPlan? Revert() => PassthroughHost.At(Root).PlanBootRevert().Apply();

    /// <summary>The same, and tells of every write before it happens.</summary>
    public BootPlan? RevertWatched(Action<string> beforeWrite) => PassthroughHost.At(Root).PlanBootRevertWatched(null, beforeWrite).Apply();

    /// <summary>The files of the journal's entries: none, unless a plan is unfinished.</summary>
    public IEnumerable<string> Journal => Directory.Exists(JournalDirectory) ? Directory.EnumerateFiles(JournalDirectory, "*.json") : [];

    private string JournalDirectory => Root + "/var/lib/passthrough/journal";

    public static BootChange Change(params string[] add) => new()
    {
        Add = [.. add.Where(a => a[0] != '-').Select(BootParameter.Parse)],
        Remove = [.. add.Where(a => a[0] == '-').Select(a => a[1..])],
    };

    /// <summary>Every file but the journal's, with mode, link target and content: what revert has to give back.</summary>
    public SortedDictionary<string, string> Everything()
    {
        var all = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(Root, "*", SearchOption.AllDirectories))
        {
            var name = path[Root.Length..];
            if (name.StartsWith("/var/lib/passthrough", StringComparison.Ordinal))
            {
                continue;
            }

            all[name] = new FileInfo(path).LinkTarget
                ?? $"{(OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(path))} {Convert.ToHexString(File.ReadAllBytes(path))}";
        }

        return all;
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
