using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.LibvirtTests.Remote;

/// <summary>What can be wrong on the way to a daemon, and the way out for each: TCP, TLS and SASL over the loopback interface.</summary>
public sealed class TransportTests : IDisposable
{
    private readonly Certificates _certificates = new();
    private readonly int _port = FreePort.Find();

    public void Dispose() => _certificates.Dispose();

    [Fact]
    public void Tcp_works_and_a_port_on_which_nobody_listens_is_named()
    {
        var refused = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open($"test+tcp://localhost:{_port}/default"));
        Assert.Contains("libvirtd-tcp.socket", refused.Message, StringComparison.Ordinal);
        Assert.Equal(111, refused.Errno);

        using var daemon = new Daemon($"listen_tcp = 1\nlisten_tls = 0\ntcp_port = \"{_port}\"\nlisten_addr = \"127.0.0.1\"\nauth_tcp = \"none\"");
        using var libvirt = LibvirtConnection.Open($"test+tcp://localhost:{_port}/default");
        Assert.Equal("TEST", libvirt.GetDriverType());
    }

    [Fact]
    public void Tls_works_and_each_wrong_certificate_leads_to_the_certificates()
    {
        var refused = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open(Tls("client")));
        Assert.Contains("libvirtd-tls.socket", refused.Message, StringComparison.Ordinal);

        using var daemon = new Daemon(TlsSettings);
        using (var libvirt = LibvirtConnection.Open(Tls("client")))
        {
            Assert.Equal("TEST", libvirt.GetDriverType());
        }

        foreach (var uri in new[]
        {
            Tls("client", host: "127.0.0.1"), // the certificate is for localhost
            Tls("stranger"), // signed by another authority
            Tls("missing"), // no such folder
            Tls("nokey"), // a certificate without its key
        })
        {
            var error = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open(uri));
            Assert.Contains("check the certificates of both sides", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("root", error.Message[error.NativeMessage.Length..], StringComparison.Ordinal);
            Assert.NotEqual(-1, error.Errno);
        }
    }

    [Fact]
    public void A_password_is_asked_for_and_a_wrong_one_leads_to_the_credentials()
    {
        Prerequisite.Program("saslpasswd2", "sasl2-bin");
        using var daemon = new Daemon(
            TlsSettings + "\nauth_tls = \"sasl\"",
            "printf 'mech_list: scram-sha-256\\nsasldb_path: /etc/sasl2/passwords\\n' > /etc/sasl2/libvirt.conf; echo right | saslpasswd2 -p -c -f /etc/sasl2/passwords -a libvirt ann");
        var asked = new List<LibvirtCredentialKind>();
        using (var libvirt = LibvirtConnection.Open(Tls("client"), Answering("right")))
        {
            Assert.Equal("TEST", libvirt.GetDriverType());
        }

        Assert.Contains(LibvirtCredentialKind.Passphrase, asked);
        foreach (var answer in new[] { "wrong", null })
        {
            var error = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open(Tls("client"), Answering(answer)));
            Assert.Equal(LibvirtErrorCode.AuthFailed, error.Code);
            Assert.Contains("check the user's name and password", error.Message, StringComparison.Ordinal);
        }

        var unasked = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open(Tls("client")));
        Assert.Contains("LibvirtConnectionOptions.Authenticate", unasked.Message, StringComparison.Ordinal);

        var cause = new InvalidOperationException("no password here");
        var thrown = Assert.Throws<LibvirtException>(() => LibvirtConnection.Open(Tls("client"), new() { Authenticate = _ => throw cause }));
        Assert.Same(cause, thrown.InnerException);

        LibvirtConnectionOptions Answering(string? password) => new()
        {
            Authenticate = credential =>
            {
                asked.Add(credential.Kind);
                return credential.Kind == LibvirtCredentialKind.Passphrase ? password : "ann";
            },
        };
    }

    private string TlsSettings => $"""
        listen_tls = 1
        tls_port = "{_port}"
        listen_addr = "127.0.0.1"
        ca_file = "{_certificates.Folder}/server/cacert.pem"
        cert_file = "{_certificates.Folder}/server/servercert.pem"
        key_file = "{_certificates.Folder}/server/serverkey.pem"
        """;

    private string Tls(string folder, string host = "localhost") => $"test+tls://{host}:{_port}/default?pkipath={_certificates.Folder}/{folder}";
}
