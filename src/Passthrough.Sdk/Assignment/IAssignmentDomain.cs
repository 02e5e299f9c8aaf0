using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>What a plan needs of a domain and its hypervisor. </summary>
internal interface IAssignmentDomain
{
    /// <summary>The domain's name.</summary>
    string Name { get; }

    /// <summary>The hypervisor's URI.</summary>
    string Connection { get; }

    /// <summary>Whether it runs now.</summary>
    bool IsRunning { get; }

    /// <summary>Whether it has a definition that outlives its run.</summary>
    bool IsPersistent { get; }

    /// <summary>The persistent definition with its secrets, in libvirt's own form: what <see cref="Define"/> takes back byte for byte.</summary>
    string ReadDefinition();

    /// <summary>The running domain's XML.</summary>
    string ReadLive();

    /// <summary>Replaces the persistent definition.</summary>
    void Define(string xml);

    /// <summary>Adds a device to the persistent definition.</summary>
    void AddToDefinition(string deviceXml);

    /// <summary>Removes a device from the persistent definition.</summary>
    void RemoveFromDefinition(string deviceXml);

    /// <summary>Plugs a device into the running domain.</summary>
    void AttachLive(string deviceXml);

    /// <summary>Unplugs a device and waits until the guest has let go of it.</summary>
    /// <exception cref="TimeoutException">The guest did not let go of it in time.</exception>
    Task DetachLiveAsync(string deviceXml, PciAddress device, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Takes a device from its host driver and binds it to VFIO.</summary>
    void DetachFromHost(PciAddress device);

    /// <summary>Gives a device back to its host driver.</summary>
    void ReturnToHost(PciAddress device);
}
