namespace Passthrough.Sdk.Extensions;

/// <summary>Publishes what the hosted service notices about the host: changes of devices, of readiness and of the desired state.</summary>
/// <remarks>Thread safety: all members may be called from several threads at the same time.</remarks>
public interface IPassthroughEvents
{
    /// <summary>Subscribes to the events.</summary>
    /// <returns>The subscription, which is active when the method returns. The caller must dispose of it.</returns>
    PassthroughSubscription Subscribe();
}
