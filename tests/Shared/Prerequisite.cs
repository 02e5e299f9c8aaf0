namespace Passthrough.Sdk.TestSupport;

/// <summary>What a test needs of the machine. Where it is missing the test is skipped, visibly; on a build server it fails.</summary>
internal static class Prerequisite
{
    private static bool IsBuildServer => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Goes on only where <paramref name="isMet"/>.</summary>
    /// <param name="isMet">Whether the machine has it.</param>
    /// <param name="what">What is needed and how to get it.</param>
    public static void Require(bool isMet, string what)
    {
        if (isMet)
        {
            return;
        }

        if (IsBuildServer)
        {
            Assert.Fail($"CI=true, and this is missing: {what}");
        }

        Assert.Skip($"needs {what}");
    }

    /// <summary>A program on the PATH.</summary>
    public static void Program(string name, string package) => Require(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => new FileInfo(Path.Combine(folder, name)).Exists),
        $"the program {name} (Debian: apt-get install {package})");

    /// <summary>A file.</summary>
    public static void File(string path, string package) =>
        Require(new FileInfo(path).Exists, $"the file {path} (Debian: apt-get install {package})");

    /// <summary>The rights of root.</summary>
    public static void Root() => Require(Environment.IsPrivilegedProcess, "root");
}
