using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Assignment;

/// <summary>
/// A domain in the journal that libvirt no longer knows: it neither runs nor has a definition, so only the changes of the host
/// are left to be undone.
/// </summary>
internal sealed class VanishedDomain(ILibvirtConnection connection, string name, ISysfs sysfs) : IAssignmentDomain
{
    public string Name => name;

    public Guid? Uuid => null;

    public string Connection => connection.Uri;

    public bool IsRunning => false;

    public bool IsPersistent => false;

    public string ReadDefinition() => throw Vanished();

    public string ReadLive() => throw Vanished();

    public void Define(string xml) => throw Vanished();

    public void AddToDefinition(string deviceXml) => throw Vanished();

    public void SetAccepted(ValueList<string> ids) => throw Vanished();

    public void RemoveFromDefinition(string deviceXml) => throw Vanished();

    public string AskGuest(string command, int timeoutSeconds) => throw Vanished();

    public void AttachLive(string deviceXml) => throw Vanished();

    public Task DetachLiveAsync(string deviceXml, PciAddress device, TimeSpan timeout, CancellationToken cancellationToken) => throw Vanished();

    public void WaitForEarlierChanges()
    {
        // There is no domain that could be changed.
    }

    public string? OwnerOf(PciAddress device) => DomainUsesReader.Read(connection, new HostDevicePaths(sysfs))
        .FirstOrDefault(use => use.IsRunning && use.Device == device)?.Domain;

    public void DetachFromHost(PciAddress device)
    {
        using var node = connection.GetNodeDevice(device);
        node.Detach();
    }

    public void ReturnToHost(PciAddress device)
    {
        using var node = connection.GetNodeDevice(device);
        node.ReAttach();
    }

    private PassthroughException Vanished() => new($"libvirt at {connection.Uri} no longer has the domain {name}");
}
