using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.LibvirtTests.Remote;

/// <summary>Whatever is called on a lost connection says so, with one type and one code.</summary>
internal static class LostConnection
{
    public static void Check(LibvirtConnection libvirt, ILibvirtDomain domain, ILibvirtNodeDevice device)
    {
#pragma warning disable PTS0002 // None of these returns anything.
        Action[] calls =
        [
            () => libvirt.GetHostname(),
            () => libvirt.GetCapabilities(),
            () => libvirt.GetDomain("test"),
            () => libvirt.TryGetDomain("test", out _),
            () => libvirt.GetDomains(),
            () => libvirt.GetNodeDevices(NodeDeviceKinds.Any),
            () => libvirt.TryGetNodeDevice("computer", out _),
            () => libvirt.GetNetworkDescriptions(),
            () => libvirt.DefineDomain(Xml.TestDomain("never")),
            () => libvirt.SubscribeDomainEvents(),
            () => libvirt.SubscribeNodeDeviceEvents(),
            () => domain.GetXml(),
            () => domain.GetState(),
            () => domain.HasManagedSaveImage(),
            () => domain.GetMessages(),
            () => domain.Destroy(),
            () => domain.AttachDevice("<rng/>", DeviceAffect.Live),
            () => device.GetXml(),
            () => device.Detach(),
        ];
#pragma warning restore PTS0002
        Assert.All(calls, call =>
        {
            var error = Assert.Throws<LibvirtConnectionLostException>(call);
            Assert.Equal(LibvirtErrorCode.Rpc, error.Code);
            Assert.Contains("connect again", error.Message, StringComparison.Ordinal);
        });
        Assert.False(libvirt.IsAlive());
    }

    public static async Task CheckEnd(LibvirtSubscription<LibvirtDomainEvent> events, CancellationToken cancellationToken) =>
        await Assert.ThrowsAsync<LibvirtConnectionLostException>(async () =>
        {
            await foreach (var _ in events.WithCancellation(cancellationToken))
            {
            }
        });
}
