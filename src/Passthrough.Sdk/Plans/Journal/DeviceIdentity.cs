
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans.Journal;

/// <summary>What stood at an address when a plan began.</summary>
/// <param name="Address">The address.</param>
/// <param name="Identity">What stood there; see <see cref="HostMarks.IdentityOf"/>.</param>
internal sealed record DeviceIdentity(PciAddress Address, string Identity);
