namespace Passthrough.Sdk.Pci.Details;

/// <summary>The current and the maximum speed and width of a PCI Express link.</summary>
/// <param name="CurrentSpeed">The current speed in GT/s; null if the link is down or the kernel does not report it. Source: <c>current_link_speed</c>.</param>
/// <param name="CurrentWidth">The current number of lanes; 0 or null if the link is down or the kernel does not report it. Source: <c>current_link_width</c>.</param>
/// <param name="MaxSpeed">The maximum speed in GT/s; null if the kernel does not report it. Source: <c>max_link_speed</c>.</param>
/// <param name="MaxWidth">The maximum number of lanes; null if the kernel does not report it. Source: <c>max_link_width</c>.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record PciLink(double? CurrentSpeed, int? CurrentWidth, double? MaxSpeed, int? MaxWidth);
