namespace Passthrough.Sdk.Boot;

/// <summary>The exception that is thrown when a file is not edited, because the effect of the edit would not be certain.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootUncertainException : BootException
{
    internal BootUncertainException(string path, int line, string lineText, string reason)
        : base($"{path}, line {line} prevents the change ({reason}): {lineText.Trim()} - edit the file by hand, or make that line a plain assignment.")
    {
        Path = path;
        Line = line;
        LineText = lineText;
        Reason = reason;
    }

    /// <summary>Gets the path of the file on the host.</summary>
    public string Path { get; }

    /// <summary>Gets the number of the line, from 1.</summary>
    public int Line { get; }

    /// <summary>Gets the text of the line.</summary>
    public string LineText { get; }

    /// <summary>Gets the reason why the line prevents the edit, in a few words.</summary>
    public string Reason { get; }
}
