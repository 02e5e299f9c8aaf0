using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Plans;

/// <summary>The answer of a running guest to the question whether it lists a device that a plan has plugged in (<see cref="PlanOptions.VerifiesInGuest"/>).</summary>
/// <param name="Device">The device, by its address on the host.</param>
/// <param name="IsListed">
/// Whether the guest lists the device; false only if the guest answers and does not list it; null if it is unknown, because the agent in the
/// guest does not answer, refuses the question, or does not list devices of this vendor.
/// </param>
/// <param name="Message">The answer as a sentence: <c>the guest lists 8086:10d3 at 0000:05:00.0 with the driver e1000e</c>.</param>
/// <remarks>The guest reports it, so it is a claim of the guest and not a fact of the host. Thread safety: immutable.</remarks>
public sealed record GuestCheck(PciAddress Device, bool? IsListed, string Message)
{
    /// <summary>Gets the device as the guest lists it, with its address in the guest and its driver there; null unless <see cref="IsListed"/> is true.</summary>
    public GuestPciDevice? Listed { get; init; }

    /// <summary>Returns <see cref="Message"/>.</summary>
    public override string ToString() => Message;
}
