namespace Passthrough.Cli;

/// <summary>The exit status of the program; scripts rely on it.</summary>
internal static class ExitCode
{
    /// <summary>The answer is yes, or the work is done.</summary>
    public const int Yes = 0;

    /// <summary>The answer is no: not ready, not viable, refused by a guard.</summary>
    public const int No = 1;

    /// <summary>The command line is invalid.</summary>
    public const int BadUsage = 2;

    /// <summary>The operation failed.</summary>
    public const int Failed = 3;
}
