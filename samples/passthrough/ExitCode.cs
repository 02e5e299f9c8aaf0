namespace Passthrough.Cli;

/// <summary>What the program's exit status means; scripts rely on it.</summary>
internal static class ExitCode
{
    /// <summary>Yes, or done.</summary>
    public const int Yes = 0;

    /// <summary>No: not ready, not viable, refused by a guard.</summary>
    public const int No = 1;

    /// <summary>The command line is wrong.</summary>
    public const int BadUsage = 2;

    /// <summary>It was tried, or looked for, and failed.</summary>
    public const int Failed = 3;
}
