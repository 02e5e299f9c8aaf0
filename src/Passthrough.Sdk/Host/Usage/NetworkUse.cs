namespace Passthrough.Sdk.Host.Usage;

/// <summary>One use of a network interface.</summary>
/// <param name="Kind">What it is used for.</param>
/// <param name="Interface">The interface that the use is seen at: the device's own, or one that is built on it.</param>
/// <param name="Description">The use as half a sentence about the device's interface: <c>it is a port of the bridge br0</c>.</param>
/// <param name="Source">Where it was read: a path, or the command that shows it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NetworkUse(NetworkUseKind Kind, string Interface, string Description, string Source)
{
    /// <summary>The command that ends the use; null if there is none, or if ending it takes more than one command.</summary>
    public string? Ending { get; init; }

    /// <summary>The network namespace in which it was found; null for the one of whoever read it.</summary>
    public NetworkNamespace? Namespace { get; init; }

    /// <summary>Whether somebody loses a connection with it. False where the interface is only switched on or configured.</summary>
    public bool IsHeld => Kind < NetworkUseKind.ConfiguredWhileDown;

    /// <summary><c>it is a port of the bridge br0</c>.</summary>
    public override string ToString() => Description;
}
