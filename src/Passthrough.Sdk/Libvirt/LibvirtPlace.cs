namespace Passthrough.Sdk.Libvirt;

/// <summary>Whether a connection of libvirt leads to the machine that this program runs on, and what that rests on.</summary>
/// <param name="IsThisHost">True or false where it is established; null where it cannot be told.</param>
/// <param name="Reason">What it rests on, in half a sentence.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record LibvirtPlace(bool? IsThisHost, string Reason)
{
    internal static LibvirtPlace NotAsked { get; } = new(null, "nobody asked where it leads");
}
