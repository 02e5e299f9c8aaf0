namespace Passthrough.Sdk.Tests;

/// <summary>Real data that lies beside the checkout (<c>../shared/corpora</c>) and is not part of the project.</summary>
internal static class Corpora
{
    private static readonly string? Folder = Find();

    /// <summary>A folder of the corpora; null where it is not there.</summary>
    public static string? TryFind(string name) =>
        Folder is not null && Path.Combine(Folder, name) is var folder && Directory.Exists(folder) ? folder : null;

    /// <summary>A folder of the corpora; skips the test where it is not there.</summary>
    public static string Require(string name)
    {
        var folder = TryFind(name);
        if (folder is null)
        {
            Assert.Skip($"no corpora/{name}: expected in shared/corpora beside the checkout, or in PASSTHROUGH_CORPORA");
        }

        return folder;
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("PASSTHROUGH_CORPORA") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, "shared", "corpora");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
