using System.Runtime.CompilerServices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>No reference is kept too long, and none is given back twice.</summary>
public sealed class LifetimeTests
{
    private const string PrivateDriver = "<node><domain type='test'><name>own</name><memory>8192</memory><os><type>hvm</type></os></domain></node>";

    [Fact]
    public void Everything_disposed_leaves_no_reference() => WithPrivateDriver(uri =>
    {
        using var libvirt = LibvirtConnection.Open(uri);
        using var extra = new ExtraReference(libvirt);
        using (libvirt.SubscribeDomainEvents())
        using (libvirt.SubscribeNodeDeviceEvents())
        using (var domain = libvirt.GetDomain("own"))
        using (domain.WatchDeviceRemoval("x"))
        {
            foreach (var each in libvirt.GetDomains())
            {
                each.Dispose();
            }

            Assert.False(libvirt.TryGetDomain("nobody", out _));
            Assert.Throws<LibvirtException>(() => libvirt.GetDomain("nobody"));
            domain.Dispose();
            domain.Dispose();
        }

        libvirt.Dispose();
        Collect();
        extra.AssertLast();
    });

    [Fact]
    public void What_is_forgotten_is_released_by_the_finaliser() => WithPrivateDriver(uri =>
    {
        using var extra = Forget(uri);
        Collect();
        extra.AssertLast();
    });

    [Fact]
    public void A_domain_outlives_its_connection() => WithPrivateDriver(uri =>
    {
        var libvirt = LibvirtConnection.Open(uri);
        var domain = libvirt.GetDomain("own");
        libvirt.Dispose();
        Assert.Contains("<name>own</name>", domain.GetXml(), StringComparison.Ordinal);
        domain.Dispose();
        Assert.Throws<ObjectDisposedException>(() => domain.GetXml());
    });

    [Fact]
    public async Task Many_threads_share_a_connection_and_each_reads_its_own_errors()
    {
        using var libvirt = TestDriver.Open();
        await Parallel.ForAsync(0, 400, TestContext.Current.CancellationToken, (i, _) =>
        {
            var error = Assert.Throws<LibvirtException>(() => libvirt.GetDomain($"nobody{i}"));
            Assert.Equal(LibvirtErrorCode.NoDomain, error.Code);
            var device = Assert.Throws<LibvirtException>(() => libvirt.GetNodeDevice($"nothing{i}"));
            Assert.Equal(LibvirtErrorCode.NoNodeDevice, device.Code);
            Assert.Contains($"nothing{i}", device.NativeMessage, StringComparison.Ordinal);
            using var domain = libvirt.GetDomain("test");
            Assert.Contains("<name>test</name>", domain.GetXml(), StringComparison.Ordinal);
            return ValueTask.CompletedTask;
        });
    }

    [Fact]
    public async Task Disposing_during_calls_loses_neither_the_process_nor_an_error()
    {
        TestDriver.Require();
        for (var round = 0; round < 50; round++)
        {
            var libvirt = TestDriver.Open();
            var calls = Task.Run(() =>
            {
                while (true)
                {
                    try
                    {
                        libvirt.GetDomain("nobody").Dispose();
                    }
                    catch (LibvirtException error)
                    {
                        // Never "no reason": the release on this thread must not wipe the error.
                        Assert.Equal(LibvirtErrorCode.NoDomain, error.Code);
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                }
            });
            await Task.Yield();
            libvirt.Dispose();
            await calls;
        }
    }

    [Fact]
    public void A_release_on_a_thread_with_an_unread_error_leaves_the_error()
    {
        using var libvirt = TestDriver.Open();
        var other = libvirt.GetDomain("test");
        using var handle = Native.LibVirtForTests.virConnectOpen(TestDriver.Uri);
        using var none = LibVirt.virDomainLookupByName(handle, "nobody");
        Assert.True(none.IsInvalid);
        other.Dispose();
        Assert.Equal(LibvirtErrorCode.NoDomain, NativeError.Capture(on: null).Code);
        Assert.Equal(LibvirtErrorCode.Ok, NativeError.Capture(on: null).Code);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ExtraReference Forget(string uri)
    {
        var libvirt = LibvirtConnection.Open(uri);
#pragma warning disable PTS0002 // What becomes of handles that nobody disposes of is what is tested.
        _ = libvirt.SubscribeDomainEvents();
        _ = libvirt.GetDomain("own");
        _ = libvirt.GetDomains();
#pragma warning restore PTS0002
        return new ExtraReference(libvirt);
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static void WithPrivateDriver(Action<string> test)
    {
        TestDriver.Require();
        var file = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllText(file, PrivateDriver);
        try
        {
            test($"test://{file}");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
