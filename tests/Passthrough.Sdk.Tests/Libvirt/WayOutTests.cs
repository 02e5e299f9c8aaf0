using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Tests.Libvirt;

public sealed class WayOutTests
{
    [Theory]
    [InlineData(LibvirtErrorCode.SystemError, 13, "member of the group libvirt")] // EACCES on the socket
    [InlineData(LibvirtErrorCode.SystemError, 2, "systemctl start libvirtd")] // no socket
    [InlineData(LibvirtErrorCode.SystemError, 111, "systemctl start libvirtd")] // a socket nobody listens on
    [InlineData(LibvirtErrorCode.AuthFailed, 0, "member of the group libvirt")]
    [InlineData(LibvirtErrorCode.AuthUnavailable, 0, "member of the group libvirt")]
    [InlineData(LibvirtErrorCode.NoConnect, 0, "correct the URI")]
    [InlineData(LibvirtErrorCode.Rpc, 0, "transport")]
    public void Opening_that_fails_names_the_way_out(LibvirtErrorCode code, int errno, string wayOut)
    {
        var error = new NativeError(code, LibvirtErrorDomain.Rpc, LibvirtErrorLevel.Error, "libvirt's own words", "words", errno, 0);
        var exception = error.ToException("cannot connect to", "qemu:///system", WayOut.ForOpen(error));
        Assert.StartsWith("cannot connect to 'qemu:///system': libvirt's own words; ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public void An_exception_has_all_that_libvirt_says()
    {
        var exception = new NativeError(
            LibvirtErrorCode.SystemError, LibvirtErrorDomain.Qemu, LibvirtErrorLevel.Warning, "text", "detail", 104, 7).ToException("cannot start domain", "vm1");
        Assert.Equal(
            (LibvirtErrorCode.SystemError, LibvirtErrorDomain.Qemu, LibvirtErrorLevel.Warning, "text", "detail", 104, 7, (int?)104),
            (exception.Code, exception.Domain, exception.Level, exception.NativeMessage, exception.Detail, exception.Int1, exception.Int2, exception.Errno));
        Assert.Equal("cannot start domain 'vm1': text", exception.Message);
        Assert.Null(new LibvirtException("m", LibvirtErrorCode.NoDomain, LibvirtErrorDomain.Qemu, "n") { Int1 = 5 }.Errno);
    }

    [Fact]
    public void A_code_that_is_newer_than_this_library_is_kept() =>
        Assert.Equal(114, (int)new NativeError((LibvirtErrorCode)114, 0, LibvirtErrorLevel.Error, "t", null, 0, 0).ToException("c", "w").Code);
}
