using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>The identity of the device at an address when a plan began.</summary>
/// <param name="Address">The address.</param>
/// <param name="Identity">Its identity; see <see cref="HostMarks.IdentityOf"/>.</param>
internal sealed record DeviceIdentity(PciAddress Address, string Identity);
