namespace Passthrough.Sdk.Testing;

/// <summary>How a command in a host came to its end.</summary>
internal enum CommandEnd
{
    /// <summary>By itself: its answer is complete.</summary>
    ByItself,

    /// <summary>It was killed: its answer is complete.</summary>
    Killed,

    /// <summary>The host has ended, or its channel was closed.</summary>
    HostEnded,

    /// <summary>The host does not answer, not even to the kill.</summary>
    NoAnswer,
}
