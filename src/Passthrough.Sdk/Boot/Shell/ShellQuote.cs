namespace Passthrough.Sdk.Boot.Shell;

/// <summary>In which quoting a character of a value stands in the source, and so how text beside it has to be written.</summary>
internal enum ShellQuote
{
    None,
    Escaped,
    Single,
    Double,
}
