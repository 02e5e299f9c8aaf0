using System.Globalization;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Libvirt;

/// <content>Events.</content>
public sealed partial class LibvirtConnection : IConnectionOwner, INativeObject
{
    private readonly EventHub<LibvirtDomainEvent> _domainEvents;
    private readonly EventHub<LibvirtNodeDeviceEvent> _nodeDeviceEvents;

    /// <inheritdoc/>
    public LibvirtSubscription<LibvirtDomainEvent> SubscribeDomainEvents()
    {
        ThrowIfLost();
        return _domainEvents.Subscribe();
    }

    /// <inheritdoc/>
    public LibvirtSubscription<LibvirtNodeDeviceEvent> SubscribeNodeDeviceEvents()
    {
        ThrowIfLost();
        return _nodeDeviceEvents.Subscribe();
    }

    VirHandle INativeObject.NativeHandle => Handle;

    void IConnectionOwner.OnConnectionLost(int reason)
    {
        var why = (LibvirtCloseReason)reason switch
        {
            LibvirtCloseReason.Error => "input/output error",
            LibvirtCloseReason.EndOfFile => "the other end closed it",
            LibvirtCloseReason.KeepAlive => "the other end no longer answers",
            LibvirtCloseReason.Client => "it was closed on request",
            _ => string.Create(CultureInfo.InvariantCulture, $"libvirt's reason {reason}"),
        };
        var error = new LibvirtConnectionLostException($"lost the connection to '{Uri}': {why}; connect again", why) { Reason = (LibvirtCloseReason)reason };
        _domainEvents.Fail(error);
        _nodeDeviceEvents.Fail(error);
        _logger.Lost(Uri, why);
        _lost?.Invoke(error);
    }

    // libvirt tells of the loss a moment later than it knows.
    private void ThrowIfLost()
    {
        if (Handle.IsLost())
        {
            throw new LibvirtConnectionLostException($"cannot subscribe to the events of '{Uri}': the connection to libvirt is lost; connect again", "the connection is closed");
        }
    }
}
