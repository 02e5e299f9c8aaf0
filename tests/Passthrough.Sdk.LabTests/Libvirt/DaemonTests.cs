using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.LabTests.Libvirt;

/// <summary>The daemon goes and comes back.</summary>
[LabHost(Iommu.None)]
public sealed class DaemonTests
{
    [Fact]
    public async Task A_daemon_that_ends_is_told_to_whoever_waits_and_a_new_connection_works_once_it_is_back()
    {
        using var libvirt = LibvirtConnection.Open("qemu:///system");
        using var events = libvirt.SubscribeDomainEvents();
        Shell.Run("kill -KILL $(cat /run/libvirtd.pid)");
        try
        {
            var lost = await Assert.ThrowsAsync<LibvirtConnectionLostException>(async () =>
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
                await foreach (var _ in events.WithCancellation(limit.Token))
                {
                }
            });
            Assert.Equal(LibvirtErrorCode.Rpc, lost.Code);
            Assert.Contains("'qemu:///system'", lost.Message, StringComparison.Ordinal);
            Assert.False(libvirt.IsAlive());
            Assert.Throws<LibvirtConnectionLostException>(libvirt.GetHostname);

            var refused = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open("qemu:///system"));
            Assert.Equal(LibvirtErrorCode.SystemError, refused.Code);
            Assert.Contains("systemctl start libvirtd", refused.Message, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run("rm -f /run/libvirtd.pid; libvirtd --daemon");
        }

        using var again = LibvirtConnection.Open("qemu:///system");
        Assert.True(again.IsAlive());
    }
}
