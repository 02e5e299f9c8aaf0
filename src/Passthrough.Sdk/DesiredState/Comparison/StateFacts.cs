using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Starts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>What a desired state is compared with.</summary>
/// <param name="Snapshot">The host, with the details of the devices that the state may mean.</param>
/// <param name="Boot">The kernel's command line, running and configured.</param>
/// <param name="Hook">The hook; null if the source does not contain its directory.</param>
internal sealed record StateFacts(HostSnapshot Snapshot, BootConfiguration Boot, StartHookStatus? Hook);
