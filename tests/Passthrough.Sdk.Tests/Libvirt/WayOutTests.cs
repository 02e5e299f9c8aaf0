using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.Tests.Libvirt;

public sealed class WayOutTests
{
    private const string Local = "qemu:///system";
    private const string Tls = "qemu://host/system";

    [Theory]
    [InlineData(Local, LibvirtErrorCode.SystemError, 13, "member of the group libvirt")] // EACCES on the socket
    [InlineData(Local, LibvirtErrorCode.SystemError, 2, "systemctl start libvirtd,")] // no socket
    [InlineData("qemu+unix:///system?socket=/x", LibvirtErrorCode.SystemError, 111, "systemctl start libvirtd,")] // a socket nobody listens on
    [InlineData(Local, LibvirtErrorCode.AuthFailed, -1, "member of the group libvirt")]
    [InlineData(Local, LibvirtErrorCode.AuthUnavailable, 0, "member of the group libvirt")]
    [InlineData(Local, LibvirtErrorCode.NoConnect, 0, "correct the URI")]
    [InlineData(Local, LibvirtErrorCode.Rpc, 0, "transport")]
    [InlineData(Tls, LibvirtErrorCode.SystemError, 2, "certificates")] // a certificate that is not there
    [InlineData(Tls, LibvirtErrorCode.SystemError, -1, "certificates")] // one that is not valid
    [InlineData("qemu+tls://host/system", LibvirtErrorCode.AuthFailed, -1, "certificates")] // the host's name is not in it
    [InlineData(Tls, LibvirtErrorCode.SystemError, 111, "libvirtd-tls.socket")]
    [InlineData(Tls, LibvirtErrorCode.SystemError, 113, "can be reached")]
    [InlineData("qemu+tcp://host/system", LibvirtErrorCode.SystemError, 111, "libvirtd-tcp.socket")]
    [InlineData("qemu+tcp://host/system", LibvirtErrorCode.SystemError, 110, "can be reached")]
    [InlineData("qemu+tcp://host/system", LibvirtErrorCode.AuthFailed, -1, "name and password")]
    [InlineData("qemu+ssh://host/system", LibvirtErrorCode.SystemError, 5, "can be reached")]
    public void Opening_that_fails_names_the_way_out(string uri, LibvirtErrorCode code, int number, string wayOut)
    {
        var error = new NativeError(code, LibvirtErrorDomain.Rpc, LibvirtErrorLevel.Error, "libvirt's own words", "words", number, 0, IsLost: false);
        var exception = error.ToException("cannot connect to", uri, WayOut.ForOpen(error, uri, wasAsked: false));
        Assert.StartsWith($"cannot connect to '{uri}': libvirt's own words; ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(wayOut, exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
        Assert.Equal(number > 0 && code == LibvirtErrorCode.SystemError ? number : null, exception.Errno);
    }

    [Fact]
    public void A_password_that_was_asked_for_and_refused_leads_to_the_credentials()
    {
        var error = new NativeError(LibvirtErrorCode.AuthFailed, LibvirtErrorDomain.Rpc, LibvirtErrorLevel.Error, "authentication failed", null, -1, 0, IsLost: false);
        Assert.Contains("check the user's name and password", WayOut.ForOpen(error, Tls, wasAsked: true), StringComparison.Ordinal);
    }

    [Fact]
    public void A_lost_connection_has_one_type_and_one_code_whatever_libvirt_says()
    {
        var error = new NativeError(LibvirtErrorCode.InternalError, LibvirtErrorDomain.Rpc, LibvirtErrorLevel.Error, "client socket is closed", "d", 0, 0, IsLost: true);
        var exception = Assert.IsType<LibvirtConnectionLostException>(error.ToException("cannot start domain", "vm1"));
        Assert.Equal((LibvirtErrorCode.Rpc, "client socket is closed", "d"), (exception.Code, exception.NativeMessage, exception.Detail));
        Assert.Equal("cannot start domain 'vm1': the connection to libvirt is lost: client socket is closed; connect again", exception.Message);
    }

    [Fact]
    public void An_exception_has_all_that_libvirt_says()
    {
        var exception = new NativeError(
            LibvirtErrorCode.SystemError, LibvirtErrorDomain.Qemu, LibvirtErrorLevel.Warning, "text", "detail", 104, 7, IsLost: false).ToException("cannot start domain", "vm1");
        Assert.Equal(
            (LibvirtErrorCode.SystemError, LibvirtErrorDomain.Qemu, LibvirtErrorLevel.Warning, "text", "detail", 104, 7, (int?)104),
            (exception.Code, exception.Domain, exception.Level, exception.NativeMessage, exception.Detail, exception.Int1, exception.Int2, exception.Errno));
        Assert.Equal("cannot start domain 'vm1': text", exception.Message);
        Assert.Null(new LibvirtException("m", LibvirtErrorCode.NoDomain, LibvirtErrorDomain.Qemu, "n") { Int1 = 5 }.Errno);
    }

    [Fact]
    public void A_code_that_is_newer_than_this_library_is_kept() =>
        Assert.Equal(114, (int)new NativeError((LibvirtErrorCode)114, 0, LibvirtErrorLevel.Error, "t", null, 0, 0, IsLost: false).ToException("c", "w").Code);
}
