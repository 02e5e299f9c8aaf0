namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>The dumps of pciutils in the corpora.</summary>
internal static class LspciDumps
{
    private const string None = "(no corpora)";

    /// <summary>File names, for theories; one that skips where there are no corpora.</summary>
    public static TheoryData<string> Names
    {
        get
        {
            var folder = Corpora.TryFind("pciutils");
            return folder is null
                ? new TheoryData<string>(None)
                : new TheoryData<string>(Directory.EnumerateFiles(folder).Select(file => System.IO.Path.GetFileName(file)!).Where(name => name != "COPYING").Order(StringComparer.Ordinal));
        }
    }

    public static string Path(string name) => System.IO.Path.Combine(Corpora.Require("pciutils"), name);
}
