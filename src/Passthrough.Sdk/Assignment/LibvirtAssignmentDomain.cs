using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment;

/// <summary>A domain of libvirt, as a plan sees it.</summary>
internal sealed class LibvirtAssignmentDomain(LibvirtDomain domain) : IAssignmentDomain
{
    /// <summary>QEMU's words when a guest was asked before and has not answered yet.</summary>
    private const string AskedBefore = "already in the process of unplug";

    public string Name => domain.Name;

    public string Connection => domain.Connection.Uri;

    public bool IsRunning => domain.IsActive();

    public bool IsPersistent => domain.IsPersistent();

    public string ReadDefinition() => domain.GetXml(DomainXmlOptions.Inactive | DomainXmlOptions.Secure);

    public string ReadLive() => domain.GetXml();

    public void Define(string xml) => domain.Connection.DefineDomain(xml).Dispose();

    public void AddToDefinition(string deviceXml) => domain.AttachDevice(deviceXml, DeviceAffect.Config);

    public void RemoveFromDefinition(string deviceXml) => domain.DetachDevice(deviceXml, DeviceAffect.Config);

    public void AttachLive(string deviceXml) => domain.AttachDevice(deviceXml, DeviceAffect.Live);

    public async Task DetachLiveAsync(string deviceXml, PciAddress device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var alias = DomainXml.AliasOf(ReadLive(), device)
            ?? throw new PassthroughException($"{Name} does not list {device} any more; nothing to unplug");

        // Watched before it is asked for, so that a quick guest's answer is not missed.
        using var watch = domain.WatchDeviceRemoval(alias);
        try
        {
            await domain.DetachDeviceAsync(deviceXml, DeviceAffect.Live, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtException e) when (e.NativeMessage.Contains(AskedBefore, StringComparison.Ordinal))
        {
            // The guest was asked before; its answer may still come.
        }

        switch (await watch.WaitAsync(timeout, cancellationToken).ConfigureAwait(false))
        {
            case DeviceRemoval.Removed or DeviceRemoval.DomainStopped:
                return;
            case DeviceRemoval.Refused:
                throw new PassthroughException($"the guest {Name} refuses to let go of {device}; stop its use inside the guest, or shut the guest down");
            default:
                throw new TimeoutException();
        }
    }

    public void DetachFromHost(PciAddress device)
    {
        using var node = domain.Connection.NodeDevice(device);
        node.Detach();
    }

    public void ReturnToHost(PciAddress device)
    {
        using var node = domain.Connection.NodeDevice(device);
        node.ReAttach();
    }
}
