using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>One way in which a host keeps its kernel's command line.</summary>
internal abstract class BootLoader
{
    public abstract BootLoaderKind Kind { get; }

    /// <summary>The configured command line of the entry that boots by default, without what the loader adds itself.</summary>
    public abstract Fact<string> Configured(BootFiles host);

    /// <summary>Adds the edits and the commands that a change of the command line needs.</summary>
    /// <exception cref="BootException">It cannot be done with certainty.</exception>
    public abstract void Plan(BootPlanBuilder plan, BootChange change);

    /// <summary>Gives a fact, or why there is none, where reading may fail.</summary>
    protected static Fact<string> Try(string source, Func<string?> read)
    {
        try
        {
            return read() is { } text ? Fact.Known(text, source) : Fact.Absent<string>(source);
        }
        catch (BootException problem)
        {
            return Fact.Unknown<string>(source, problem.Message);
        }
    }
}
