namespace Passthrough.Sdk.Libvirt;

/// <summary>Whether a libvirt connection leads to the machine on which this program runs, and how this is known.</summary>
/// <param name="IsThisHost">True or false if it is established; null if it cannot be determined.</param>
/// <param name="Reason">The clause that says how this is known.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtPlace(bool? IsThisHost, string Reason)
{
    internal static LibvirtPlace NotAsked { get; } = new(null, "it was not checked where the connection leads");
}
