namespace Passthrough.Sdk.Facts;

/// <summary>Collects what could not be read, from several threads.</summary>
internal sealed class UnreadSources
{
    /// <summary>The reason for what was listed a moment ago and is gone.</summary>
    public const string Vanished = "disappeared while it was read";

    private readonly Lock _gate = new();
    private readonly List<UnreadSource> _sources = [];

    /// <summary>Notes an errno, unless it only says that the thing is not there.</summary>
    public void AddUnlessAbsent(string path, int errno)
    {
        if (errno != Errno.Success && !Errno.IsAbsent(errno))
        {
            Add(path, Errno.Describe(errno));
        }
    }

    public void Add(string path, string reason)
    {
        lock (_gate)
        {
            _sources.Add(new UnreadSource(path, reason));
        }
    }

    /// <summary>Returns the recorded sources in the order of their paths, independent of the threads.</summary>
    public ValueList<UnreadSource> ToValueList()
    {
        lock (_gate)
        {
            return [.. _sources.OrderBy(source => source.Path, StringComparer.Ordinal)];
        }
    }
}
