namespace Passthrough.Sdk.Tests;

/// <summary>Public reports made into small hosts, which lie beside the checkout (<c>../shared/cases</c>) and are not part of the project.</summary>
internal static class ReportedCases
{
    /// <summary>The folder of a case, by the beginning of its name; skips the test where it is not there.</summary>
    public static string Require(string name)
    {
        var folder = All().FirstOrDefault(folder => Path.GetFileName(folder).StartsWith(name, StringComparison.Ordinal));
        if (folder is null)
        {
            Assert.Skip($"no cases/{name}*: expected in shared/cases beside the checkout");
        }

        return folder;
    }

    /// <summary>The folders of all cases; empty where there are none.</summary>
    public static IEnumerable<string> All()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, "shared", "cases");
            if (Directory.Exists(candidate))
            {
                return Directory.GetDirectories(candidate).Order(StringComparer.Ordinal);
            }
        }

        return [];
    }
}
