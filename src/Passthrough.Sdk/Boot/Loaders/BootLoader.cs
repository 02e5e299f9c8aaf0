using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>A boot loader or tool that holds the kernel command line of a host.</summary>
internal abstract class BootLoader
{
    public abstract BootLoaderKind Kind { get; }

    /// <summary>The configured command line of the entry that boots by default, without the parameters that the loader itself adds.</summary>
    public abstract Fact<string> Configured(BootFiles host);

    /// <summary>The command line in the generated file that the loader reads in the end; absent if it reads the configured one itself.</summary>
    public virtual Fact<string> Generated(BootFiles host) => Fact.Absent<string>("");

    /// <summary>The setting that contains the command line in its file; null if the whole file is a command line.</summary>
    public virtual string? Key(BootFiles host) => null;

    /// <summary>Whether the command line of this host, or of its kernels to come, is taken from a file that several loaders know.</summary>
    public virtual bool Reads(BootFiles host, string path) => Configured(host).Source == path;

    /// <summary>The configured parameters with their places; called only if the command line is known.</summary>
    public virtual IEnumerable<BootParameterPlace> Places(BootFiles host)
    {
        var configured = Configured(host);
        return CommandLineText.Split(configured.Value ?? "").Select(t => new BootParameterPlace(t.Parameter, configured.Source, Key(host)));
    }

    /// <summary>Returns the origin of a running parameter that this loader, or its generator, adds; null if it does not add it.</summary>
    public virtual string? AddsItself(BootFiles host, BootParameter parameter) => null;

    /// <summary>Adds the edits and the commands that a change of the command line needs.</summary>
    /// <exception cref="BootException">The effect would not be certain.</exception>
    public abstract void Plan(BootDraftBuilder plan, BootChange change);

    /// <summary>Returns a fact: known with the text, absent without one, and unknown with the reason if reading fails.</summary>
    protected static Fact<string> Try(string source, Func<string?> read)
    {
        try
        {
            return read() is { } text ? Fact.Known(text, source) : Fact.Absent<string>(source);
        }
        catch (PassthroughException problem)
        {
            return Fact.Unknown<string>(source, problem.Message);
        }
    }
}
