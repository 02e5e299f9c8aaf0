namespace Passthrough.Sdk.Files;

/// <summary>The files of a host of Passthrough.Sdk.Testing, which are only in memory until something needs a directory.</summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time.</remarks>
internal interface IFakeFiles
{
    /// <summary>The path of the directory, which need not exist yet.</summary>
    string Root { get; }

    /// <summary>Whether there is something at a path of the host, after following links.</summary>
    bool Has(string path);

    /// <summary>Makes the directory with every file of the host, unless that is done. From then on, only these files count.</summary>
    void MakeDirectory();
}
