namespace Passthrough.Sdk.DesiredState;

/// <summary>Words the remedy of a difference between a host and its state.</summary>
internal static class StateRemedy
{
    /// <summary>Returns the remedy of a difference that a plan for the state corrects.</summary>
    /// <param name="command">The command that corrects it without the state.</param>
    public static string Apply(string command) => $"apply the state, or: {command}";
}
