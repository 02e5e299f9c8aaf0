using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Tests.Libvirt;

/// <summary>Where a connection leads: this machine, another one, or nobody knows. Not known is not this machine.</summary>
public sealed class LibvirtPlaceTests
{
    private static readonly Guid Here = Guid.Parse("1d1f4a4c-7a2f-4c43-8f0a-6ac7c8f4a001");
    private static readonly Guid There = Guid.Parse("1d1f4a4c-7a2f-4c43-8f0a-6ac7c8f4a002");

    [Theory]
    [InlineData("qemu:///system")]
    [InlineData("qemu:///session")]
    [InlineData("qemu:///embed?root=/tmp/x")]
    [InlineData("xen:///system")]
    [InlineData("qemu+unix:///system")]
    public void A_local_socket_of_libvirt_is_this_machine_whatever_it_says_of_its_UUID(string uri) =>
        Assert.True(LibvirtPlaceReader.Judge(uri, "QEMU", () => throw new InvalidOperationException("asked"), () => null, () => []).IsThisHost);

    [Theory]
    [InlineData("test:///default", "Test")]
    [InlineData("test+tls://host/default", "Test")]
    [InlineData("qemu+unix:///?name=test:///default", "TEST")]
    public void The_test_driver_is_never_this_machine(string uri, string driver) =>
        Assert.False(LibvirtPlaceReader.Judge(uri, driver, () => new(Here, "a"), () => new(Here, "a"), () => []).IsThisHost);

    [Theory]
    [InlineData("qemu+ssh://localhost/system")]
    [InlineData("qemu+tcp://127.0.0.1/system")]
    [InlineData("qemu+tls://[::1]:16514/system")]
    [InlineData("qemu+ssh://root@this.example.org/system")]
    [InlineData("qemu://this/system")]
    [InlineData("qemu+unix:///system?socket=/tmp/tunnel")]
    [InlineData("qemu+ext:///system?command=/bin/x")]
    [InlineData("qemu+ssh:///system")]
    public void Every_other_way_is_decided_by_the_hosts_UUID_and_name(string uri)
    {
        bool? Judge(HostIdentity theirs, HostIdentity? ours, params HostIdentity[] files) => LibvirtPlaceReader.Judge(uri, "QEMU", () => theirs, () => ours, () => files).IsThisHost;
        Assert.True(Judge(new(Here, "this.example.org"), new(Here, "this")));
        Assert.True(Judge(new(Here, "THIS"), null, new HostIdentity(There, "this"), new HostIdentity(Here, "this")));
        Assert.False(Judge(new(There, "this"), new(Here, "this")));
        Assert.Null(Judge(new(Here, "copy"), new(Here, "this")));
        Assert.Null(Judge(new(Here, "copy"), null, new HostIdentity(Here, "this")));
        Assert.Null(Judge(new(There, "this"), null, new HostIdentity(Here, "this")));
        Assert.Null(Judge(new(null, "this"), new(Here, "this")));
        Assert.Null(Judge(new(Here, "this"), null));
    }

    [Fact]
    public void The_error_names_the_URI_the_reason_and_the_way_out()
    {
        var error = new LibvirtNotThisHostException("qemu+ssh://b/system", new LibvirtPlace(false, "its host b has the UUID 2"));
        Assert.Contains("'qemu+ssh://b/system' does not lead to this machine: its host b has the UUID 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("run this on that host", error.Message, StringComparison.Ordinal);
        Assert.Contains("is not known", new LibvirtNotThisHostException("qemu+ssh://b/system", new LibvirtPlace(null, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Facts_of_another_machine_are_refused_and_silence_is_not()
    {
        var facts = new LibvirtFacts { Uri = "qemu+ssh://b/system" };
        facts.RequireThisHost();
        facts = facts with { Version = Passthrough.Sdk.Facts.Fact.Known(new Version(9, 0), "virConnectGetLibVersion") };
        Assert.Throws<LibvirtNotThisHostException>(facts.RequireThisHost);
        (facts with { Place = new LibvirtPlace(true, "x") }).RequireThisHost();
    }
}
