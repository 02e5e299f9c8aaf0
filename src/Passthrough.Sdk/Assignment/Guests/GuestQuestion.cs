using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Guests;

/// <summary>A device that a guest is asked for.</summary>
/// <param name="Step">The step that plugs it in.</param>
/// <param name="Ids">Its vendor and device id; null if the kernel does not report them.</param>
internal sealed record GuestQuestion(PlanStep Step, (ushort Vendor, ushort Device)? Ids);
