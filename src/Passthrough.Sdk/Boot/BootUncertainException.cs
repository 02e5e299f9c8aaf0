namespace Passthrough.Sdk.Boot;

/// <summary>A file was not edited because nobody can tell what its reader would make of it.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootUncertainException : BootException
{
    internal BootUncertainException(string path, int line, string lineText, string reason)
        : base($"{path}, line {line} stands in the way ({reason}): {lineText.Trim()} - edit the file by hand, or make that line a plain assignment.")
    {
        Path = path;
        Line = line;
        LineText = lineText;
        Reason = reason;
    }

    /// <summary>The file, as the host itself writes its path.</summary>
    public string Path { get; }

    /// <summary>The line's number, from 1.</summary>
    public int Line { get; }

    /// <summary>The line as it stands there.</summary>
    public string LineText { get; }

    /// <summary>Why it stands in the way, in a few words.</summary>
    public string Reason { get; }
}
