using Microsoft.Extensions.Diagnostics.HealthChecks;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Extensions;

/// <summary>The options of <see cref="PassthroughServiceCollectionExtensions.AddPassthrough"/>. They are validated when the program starts.</summary>
/// <remarks>Thread safety: set them while the services are configured; after that they are only read.</remarks>
public sealed class PassthroughOptions
{
    /// <summary>Gets or sets the source of the host, as <see cref="PassthroughHost.At"/> takes it; null, the default, for this machine.</summary>
    public string? Root { get; set; }

    /// <summary>
    /// Gets or sets the directory of the journal, which is used by every plan that is made without options and by the injected
    /// <see cref="PlanOptions"/>. The default is <c>/var/lib/passthrough/journal</c>.
    /// </summary>
    /// <remarks>Every program that applies plans on a machine must use the same directory, because its lock keeps them apart.</remarks>
    public string JournalDirectory { get; set; } = new PlanOptions().JournalDirectory;

    /// <summary>Gets or sets what a check captures. The default is <see cref="CaptureOptions.Default"/>; a check needs <see cref="CaptureOptions.System"/>.</summary>
    public CaptureOptions Capture { get; set; } = CaptureOptions.Default;

    /// <summary>
    /// Gets or sets the devices that are checked together with the host; the default is empty, for the host alone. Their details are captured in
    /// addition to <see cref="Capture"/>.
    /// </summary>
    public ValueList<PciAddress> Devices { get; set; } = [];

    /// <summary>Gets or sets how long a status of the host may be used before it is read again. The default is one minute.</summary>
    public TimeSpan SnapshotLifetime { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets the time between two checks of the hosted service, which also checks after each change of a device. The default is 30
    /// seconds. It must be shorter than <see cref="SnapshotLifetime"/>, so that a health probe always finds a status.
    /// </summary>
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets whether the hosted service watches the host. The default is true. If it does not, a status is read when it is asked for.</summary>
    public bool WatchesHost { get; set; } = true;

    /// <summary>Gets or sets the desired state that the host is compared with; null, the default, for none.</summary>
    public HostState? State { get; set; }

    /// <summary>
    /// Gets or sets the file of the desired state that the host is compared with; null, the default, for none. It is read at each check, so
    /// that a change of the file takes effect. docs/desired-state.md describes it.
    /// </summary>
    public string? StateFile { get; set; }

    /// <summary>Gets or sets the health of a host that is ready, but has warnings. The default is degraded.</summary>
    public HealthStatus WarningStatus { get; set; } = HealthStatus.Degraded;

    /// <summary>Gets or sets the health of a host that differs from its desired state. The default is degraded.</summary>
    public HealthStatus DriftStatus { get; set; } = HealthStatus.Degraded;

    /// <summary>
    /// Gets or sets the number of events that wait for a subscriber of <see cref="IPassthroughEvents"/>. The default is 256. If more arrive, the
    /// oldest are dropped and counted (<see cref="PassthroughEvent.Missed"/>).
    /// </summary>
    public int EventCapacity { get; set; } = 256;
}
