namespace Passthrough.Sdk.Pci.Details;

/// <summary>A PCI Express link, now and at most.</summary>
/// <param name="CurrentSpeed">GT/s now; null where the link is down or the kernel does not say. Source: <c>current_link_speed</c>.</param>
/// <param name="CurrentWidth">Lanes now; 0 or null where the link is down or the kernel does not say. Source: <c>current_link_width</c>.</param>
/// <param name="MaxSpeed">GT/s at most; null where the kernel does not say. Source: <c>max_link_speed</c>.</param>
/// <param name="MaxWidth">Lanes at most; null where the kernel does not say. Source: <c>max_link_width</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciLink(double? CurrentSpeed, int? CurrentWidth, double? MaxSpeed, int? MaxWidth);
