namespace Passthrough.Sdk.Host.Usage;

/// <summary>One use of a network interface.</summary>
/// <param name="Kind">The kind of the use.</param>
/// <param name="Interface">The interface that is used: the device's own, or one that is built on it.</param>
/// <param name="Description">The use as a clause about the device's interface: <c>it is a port of the bridge br0</c>.</param>
/// <param name="Source">The source from which the use was read: a path, or the command that shows it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NetworkUse(NetworkUseKind Kind, string Interface, string Description, string Source)
{
    /// <summary>Gets the command that ends the use; null if there is none, or if ending it takes more than one command.</summary>
    public string? Ending { get; init; }

    /// <summary>Gets the network namespace in which it was found; null for that of the reader.</summary>
    public NetworkNamespace? Namespace { get; init; }

    /// <summary>Gets whether a connection is lost with it. False if the interface is only switched on or configured.</summary>
    public bool IsHeld => Kind < NetworkUseKind.ConfiguredWhileDown;

    /// <summary>Returns a text such as <c>it is a port of the bridge br0</c>.</summary>
    public override string ToString() => Description;
}
