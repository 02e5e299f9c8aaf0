namespace Passthrough.Sdk.TestSupport;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    private static string Root { get; } = FindRoot();

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (directory is not null && directory.GetFiles("Passthrough.Sdk.sln").Length == 0)
        {
            directory = directory.Parent;
        }

        return directory?.FullName ?? throw new InvalidOperationException($"{AppContext.BaseDirectory} is in no checkout");
    }
}
