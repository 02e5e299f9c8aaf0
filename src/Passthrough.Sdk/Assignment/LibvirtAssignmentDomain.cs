using System.Diagnostics;
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
        try
        {
            await domain.DetachDeviceAsync(deviceXml, DeviceAffect.Live, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtException e) when (e.NativeMessage.Contains(AskedBefore, StringComparison.Ordinal))
        {
            // The guest was asked before; its answer may still come.
        }

        var start = Stopwatch.GetTimestamp();
        while (IsRunning && DomainXml.Asks(ReadLive(), device))
        {
            if (Stopwatch.GetElapsedTime(start) >= timeout)
            {
                throw new TimeoutException();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken).ConfigureAwait(false);
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

    public string? FindOtherOwner(PciAddress device)
    {
        foreach (var other in domain.Connection.Domains())
        {
            using (other)
            {
                if (other.Uuid != domain.Uuid && other.IsActive() && DomainXml.Asks(other.GetXml(), device))
                {
                    return other.Name;
                }
            }
        }

        return null;
    }
}
