using System.Runtime.InteropServices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Functions of libvirt that this library does not bind, called by its users.</summary>
public sealed unsafe class NativeCallTests : IDisposable
{
    private static readonly Version Old = new(1, 0);
    private readonly LibvirtConnection _libvirt = TestDriver.Open();

    public void Dispose() => _libvirt.Dispose();

    [Fact]
    public void A_function_gets_the_pointer_of_its_object()
    {
        var isEncrypted = (delegate* unmanaged[Cdecl]<nint, int>)LibvirtConnection.GetNativeFunction("virConnectIsEncrypted", Old);
        Assert.Equal(0, _libvirt.CallNative("virConnectIsEncrypted", pointer => isEncrypted(pointer)));

        using var domain = _libvirt.GetDomain("test");
        var id = (delegate* unmanaged[Cdecl]<nint, uint>)LibvirtConnection.GetNativeFunction("virDomainGetID", Old);
        Assert.Equal(1u, domain.CallNative("virDomainGetID", pointer => id(pointer), result => result == uint.MaxValue));

        using var device = _libvirt.GetNodeDevice("scsi_host1");
        var count = (delegate* unmanaged[Cdecl]<nint, int>)LibvirtConnection.GetNativeFunction("virNodeDeviceNumOfCaps", Old);
        Assert.Equal(device.GetCapabilities().Count, device.CallNative("virNodeDeviceNumOfCaps", pointer => count(pointer)));
    }

    [Fact]
    public void A_failure_becomes_libvirts_error_and_names_the_function_and_the_object()
    {
        using var device = _libvirt.GetNodeDevice("scsi_host1");
        var reset = (delegate* unmanaged[Cdecl]<nint, int>)LibvirtConnection.GetNativeFunction("virNodeDeviceReset", Old);

        var error = Assert.Throws<LibvirtException>(() => device.CallNative("virNodeDeviceReset", pointer => reset(pointer)));

        Assert.Equal(LibvirtErrorCode.NoSupport, error.Code);
        Assert.StartsWith("virNodeDeviceReset failed for 'scsi_host1'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_of_before_is_not_taken_for_one_of_this_call()
    {
        Assert.Throws<LibvirtException>(() => _libvirt.GetDomain("nobody"));
        var error = Assert.Throws<LibvirtException>(() => _libvirt.CallNative("nothing", _ => -1));
        Assert.NotEqual(LibvirtErrorCode.NoDomain, error.Code);
    }

    [Fact]
    public void What_the_callback_throws_is_not_changed()
    {
        Assert.Throws<InvalidDataException>(() => _libvirt.CallNative("virConnectIsEncrypted", _ => throw new InvalidDataException()));
        Assert.True(_libvirt.IsAlive());
    }

    [Fact]
    public void The_pointer_is_valid_until_the_callback_returns_whoever_disposes()
    {
        var domain = _libvirt.GetDomain("test");
        var name = (delegate* unmanaged[Cdecl]<nint, nint>)LibvirtConnection.GetNativeFunction("virDomainGetName", Old);

        var read = domain.CallNative(
            "virDomainGetName",
            pointer =>
            {
                domain.Dispose();
                return Marshal.PtrToStringUTF8(name(pointer));
            },
            result => result is null);

        Assert.Equal("test", read);
        Assert.Throws<ObjectDisposedException>(() => domain.CallNative("virDomainGetName", _ => 0));
    }

    [Fact]
    public void A_closed_connection_lends_nothing()
    {
        var libvirt = TestDriver.Open();
        libvirt.Dispose();
        Assert.Throws<ObjectDisposedException>(() => libvirt.CallNative("virConnectIsEncrypted", _ => 0));
    }

    [Fact]
    public void A_task_would_outlive_the_pointer()
    {
        Action[] calls =
        [
            () => _libvirt.CallNative("x", _ => Task.CompletedTask, _ => false),
            () => _libvirt.CallNative("x", _ => Task.FromResult(1), _ => false),
            () => _libvirt.CallNative<ValueTask>("x", _ => default, _ => false).AsTask(),
            () => _libvirt.CallNative<ValueTask<int>>("x", _ => default, _ => false).AsTask(),
        ];
        Assert.All(calls, call => Assert.Throws<ArgumentException>(call));
    }

    [Fact]
    public void What_is_not_of_libvirt_has_no_pointer()
    {
        using var host = TestHost.Intel().WithNic("0000:01:00.0");
        ILibvirtConnection fake = host.Libvirt;
        Assert.Contains("FakeLibvirt", Assert.Throws<NotSupportedException>(() => fake.CallNative("virConnectIsEncrypted", _ => 0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_the_library_lacks_is_named_with_its_version()
    {
        var error = Assert.Throws<LibvirtTooOldException>(() => LibvirtConnection.GetNativeFunction("virNoSuchFunction", new Version(99, 1, 0)));
        Assert.Contains("virNoSuchFunction", error.Message, StringComparison.Ordinal);
        Assert.Contains("99.1.0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_are_checked()
    {
        Assert.Throws<ArgumentException>(() => _libvirt.CallNative("", _ => 0));
        Assert.Throws<ArgumentNullException>(() => _libvirt.CallNative("x", null!));
        Assert.Throws<ArgumentNullException>(() => _libvirt.CallNative("x", _ => 0, null!));
        Assert.Throws<ArgumentNullException>(() => ((ILibvirtConnection)null!).CallNative("x", _ => 0));
    }
}
