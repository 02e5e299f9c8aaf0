using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Assignment;

/// <summary>A libvirt domain, as plans use it.</summary>
/// <param name="domain">The domain.</param>
/// <param name="sysfs">The host's files.</param>
internal sealed class LibvirtAssignmentDomain(ILibvirtDomain domain, ISysfs sysfs) : IAssignmentDomain
{
    /// <summary>QEMU's message if the guest was already asked and has not answered yet.</summary>
    private const string AskedBefore = "already in the process of unplug";

    private const string NoDevice = "ua-passthrough-no-such-device";

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    public string Name => domain.Name;

    public Guid? Uuid => domain.Uuid;

    public string Connection => domain.Connection.Uri;

    public bool IsRunning => domain.IsActive();

    public bool IsPersistent => domain.IsPersistent();

    public string ReadDefinition() => domain.GetXml(DomainXmlOptions.Inactive | DomainXmlOptions.Secure);

    public string ReadLive() => domain.GetXml();

    public void Define(string xml) => domain.Connection.DefineDomain(xml).Dispose();

    public void AddToDefinition(string deviceXml) => domain.AttachDevice(deviceXml, DeviceAffect.Config);

    public void RemoveFromDefinition(string deviceXml) => domain.DetachDevice(deviceXml, DeviceAffect.Config);

    public void SetAccepted(ValueList<string> ids) =>
        domain.SetMetadata(AcceptedFindings.NamespaceUri, AcceptedFindings.Prefix, AcceptedFindings.Write(ids), DeviceAffect.Config);

    public string AskGuest(string command, int timeoutSeconds) => domain.QemuAgentCommand(command, timeoutSeconds);

    public void AttachLive(string deviceXml) => domain.AttachDevice(deviceXml, DeviceAffect.Live);

    public async Task DetachLiveAsync(string deviceXml, PciAddress device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        // By its place on the host: not every driver gives its devices names.
        var live = ReadLive();
        if (!DomainXml.Asks(live, device))
        {
            return;
        }

        if (DomainXml.AliasOf(live, device) is not { } alias)
        {
            if (await AskForAsync(deviceXml, cancellationToken).ConfigureAwait(false))
            {
                await WaitUntilGoneAsync(device, timeout, cancellationToken).ConfigureAwait(false);
            }

            return;
        }

        // Watched before it is asked for, so that a quick guest's answer is not missed.
        using var watch = domain.WatchDeviceRemoval(alias);
        try
        {
            if (!await AskForAsync(deviceXml, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }
        catch (LibvirtException e) when (e.NativeMessage.Contains(AskedBefore, StringComparison.Ordinal))
        {
            // The guest was asked before; its answer may still come.
        }

        switch (await EndOfAsync(watch, device, timeout, cancellationToken).ConfigureAwait(false))
        {
            case DeviceRemoval.Removed or DeviceRemoval.DomainStopped:
                return;
            case DeviceRemoval.Refused:
                throw new PassthroughException($"the guest {Name} refuses to release {device}; stop using it inside the guest, or shut the guest down");
            default:
                throw new TimeoutException();
        }
    }

    public void WaitForEarlierChanges()
    {
        var affect = domain.IsActive() ? DeviceAffect.Live : DeviceAffect.Config;
        try
        {
            // libvirt lets one change of a domain through at a time, so this waits for the one before. No device has this alias.
            domain.DetachDeviceAlias(NoDevice, affect);
        }
        catch (LibvirtException e) when (e.Code is not (LibvirtErrorCode.OperationTimeout or LibvirtErrorCode.Rpc or LibvirtErrorCode.SystemError))
        {
            // As it should be; a driver that cannot find devices by alias, Xen's, changes domains one at a time all the same.
        }
    }

    /// <summary>Asks the guest for the device. False if the domain stopped by itself meanwhile, so that it has no device any more.</summary>
    private async Task<bool> AskForAsync(string deviceXml, CancellationToken cancellationToken)
    {
        try
        {
            // Once asked, the guest is not asked back: whoever undoes this must know how it ended.
            await Offload.Run(() => domain.DetachDevice(deviceXml, DeviceAffect.Live), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (LibvirtException) when (!IsRunning)
        {
            return false;
        }
    }

    private async Task<DeviceRemoval> EndOfAsync(DeviceRemovalWatch watch, PciAddress device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await watch.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtEventsLostException)
        {
            // The event may be among those that are lost: what the domain has now decides.
            await WaitUntilGoneAsync(device, timeout, cancellationToken).ConfigureAwait(false);
            return DeviceRemoval.Removed;
        }
    }

    /// <summary>Waits until the running domain no longer lists the device, for a driver whose events name no device.</summary>
    private async Task WaitUntilGoneAsync(PciAddress device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (IsRunning && DomainXml.Asks(ReadLive(), device))
        {
            if (TimeProvider.System.GetElapsedTime(start) >= timeout)
            {
                throw new TimeoutException();
            }

            await Task.Delay(Interval, cancellationToken).ConfigureAwait(false);
        }
    }

    public string? OwnerOf(PciAddress device) => DomainUsesReader.Read(domain.Connection, new HostDevicePaths(sysfs))
        .FirstOrDefault(use => use.IsRunning && use.Device == device)?.Domain;

    public void DetachFromHost(PciAddress device)
    {
        using var node = domain.Connection.GetNodeDevice(device);
        node.Detach();
    }

    public void ReturnToHost(PciAddress device)
    {
        using var node = domain.Connection.GetNodeDevice(device);
        node.ReAttach();
    }
}
