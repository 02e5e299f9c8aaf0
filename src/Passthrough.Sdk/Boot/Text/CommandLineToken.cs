namespace Passthrough.Sdk.Boot.Text;

/// <summary>One parameter within a command line, and where it stands.</summary>
internal readonly record struct CommandLineToken(int Start, int Length, BootParameter Parameter)
{
    public int End => Start + Length;
}
