using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>The operations of a domain and its hypervisor that a plan needs. Each member may block as long as libvirt does.</summary>
internal interface IAssignmentDomain
{
    /// <summary>The domain's name.</summary>
    string Name { get; }

    /// <summary>The domain's UUID; null if it is not known.</summary>
    Guid? Uuid { get; }

    /// <summary>The hypervisor's URI.</summary>
    string Connection { get; }

    /// <summary>Whether it is running.</summary>
    bool IsRunning { get; }

    /// <summary>Whether it has a persistent definition.</summary>
    bool IsPersistent { get; }

    /// <summary>The persistent definition with its secrets, in libvirt's own form, which <see cref="Define"/> restores byte for byte.</summary>
    string ReadDefinition();

    /// <summary>The running domain's XML.</summary>
    string ReadLive();

    /// <summary>Replaces the persistent definition.</summary>
    void Define(string xml);

    /// <summary>Adds a device to the persistent definition.</summary>
    void AddToDefinition(string deviceXml);

    /// <summary>Removes a device from the persistent definition.</summary>
    void RemoveFromDefinition(string deviceXml);

    /// <summary>Replaces the ids of findings that are accepted for the starts of the domain, in the metadata of the persistent definition.</summary>
    void SetAccepted(ValueList<string> ids);

    /// <summary>Sends a command to the agent in the guest and returns its answer.</summary>
    string AskGuest(string command, int timeoutSeconds);

    /// <summary>Plugs a device into the running domain.</summary>
    void AttachLive(string deviceXml);

    /// <summary>Unplugs a device and waits until the guest has released it.</summary>
    /// <exception cref="TimeoutException">The guest did not release it in time.</exception>
    Task DetachLiveAsync(string deviceXml, PciAddress device, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Returns the name of the running domain that has a device; null if no domain has it.</summary>
    string? OwnerOf(PciAddress device);

    /// <summary>
    /// Waits until libvirt has finished a change of the domain that another program began before it may have ended
    /// unexpectedly: until then, the devices of the domain are unknown.
    /// </summary>
    void WaitForEarlierChanges();

    /// <summary>Takes a device from its host driver and binds it to VFIO.</summary>
    void DetachFromHost(PciAddress device);

    /// <summary>Returns a device to its host driver.</summary>
    void ReturnToHost(PciAddress device);
}
