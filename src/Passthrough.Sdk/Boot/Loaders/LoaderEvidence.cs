using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The evidence for and against boot loaders, in the order in which it was found.</summary>
internal sealed class LoaderEvidence(BootFiles host)
{
    private readonly List<Fact<string>> _all = [];
    private readonly List<Fact<string>> _deciding = [];

    /// <summary>Gets all evidence.</summary>
    public IReadOnlyList<Fact<string>> All => _all;

    /// <summary>Gets the evidence that speaks for or against a loader, and does not only show that its files exist.</summary>
    public IReadOnlyList<Fact<string>> Deciding => _deciding;

    /// <summary>Adds a fact.</summary>
    public void Add(Fact<string> fact) => _all.Add(fact);

    /// <summary>Adds a fact that speaks for or against a loader.</summary>
    public void AddDeciding(string value, string source)
    {
        var fact = Fact.Known(value, source);
        _all.Add(fact);
        _deciding.Add(fact);
    }

    /// <summary>Adds what a file means if it exists, and returns whether it does.</summary>
    public bool AddIfExists(string path, string meaning)
    {
        if (!host.Exists(path))
        {
            return false;
        }

        Add(Fact.Known(meaning, path));
        return true;
    }
}
