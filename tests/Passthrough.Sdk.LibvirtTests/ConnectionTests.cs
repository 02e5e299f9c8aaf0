using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.LibvirtTests;

public sealed class ConnectionTests
{
    [Fact]
    public void Open_completes_the_uri_and_asks_the_driver()
    {
        using var libvirt = TestDriver.Open();
        Assert.Equal("test:///default", libvirt.Uri);
        Assert.Equal("TEST", libvirt.GetDriverType());
        Assert.True(libvirt.IsAlive());
        Assert.Equal(LibvirtConnection.LibraryVersion, libvirt.GetLibvirtVersion());
        Assert.NotEmpty(libvirt.GetHostname());
        Assert.StartsWith("<capabilities>", libvirt.GetCapabilities(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_driver_is_named_with_the_way_out()
    {
        TestDriver.Require();
        var error = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open("nonsense:///"));
        Assert.Contains("'nonsense:///'", error.Message, StringComparison.Ordinal);
        Assert.Contains("correct the URI", error.Message, StringComparison.Ordinal);
        Assert.Contains(error.NativeMessage, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_daemon_that_does_not_run_is_named_with_the_way_out()
    {
        TestDriver.Require();
        var error = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open("qemu+unix:///system?socket=/nonexistent/libvirt-sock"));
        Assert.Equal(LibvirtErrorCode.SystemError, error.Code);
        Assert.Equal(2, error.Errno);
        Assert.Contains("systemctl start libvirtd", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_read_only_connection_refuses_a_change()
    {
        using var libvirt = TestDriver.Open(new LibvirtConnectionOptions { ReadOnly = true });
        Assert.True(libvirt.IsReadOnly);
        var error = Assert.Throws<LibvirtException>(() => libvirt.DefineDomain(Xml.TestDomain("no")));
        Assert.Equal(LibvirtErrorCode.OperationDenied, error.Code);
    }

    [Fact]
    public void An_option_out_of_its_range_is_named()
    {
        Assert.Equal("OpenTimeout", Refused(new() { OpenTimeout = TimeSpan.Zero }));
        Assert.Equal("KeepAliveInterval", Refused(new() { KeepAliveInterval = TimeSpan.FromSeconds(-1) }));
        Assert.Equal("KeepAliveCount", Refused(new() { KeepAliveCount = 0 }));
        Assert.Equal("EventCapacity", Refused(new() { EventCapacity = 0 }));
        static string? Refused(LibvirtConnectionOptions options) =>
            Assert.Throws<ArgumentOutOfRangeException>(() => LibvirtConnection.Open(TestDriver.Uri, options)).ParamName;
    }

    [Theory]
    [InlineData("")]
    [InlineData("test:///default\0evil")]
    public void A_uri_that_C_could_not_read_whole_is_refused(string uri) =>
        Assert.Throws<ArgumentException>(() => LibvirtConnection.Open(uri));

    [Fact]
    public void After_dispose_nothing_works_and_dispose_works_again()
    {
        var libvirt = TestDriver.Open();
        libvirt.Dispose();
        libvirt.Dispose();
        Assert.Throws<ObjectDisposedException>(() => libvirt.GetHostname());
    }
}
