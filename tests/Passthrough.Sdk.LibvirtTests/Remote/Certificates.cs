using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Passthrough.Sdk.LibvirtTests.Remote;

/// <summary>Certificates for a server at localhost and its client, and those of a client that another authority has signed.</summary>
internal sealed class Certificates : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("passthrough-pki-");

    public Certificates()
    {
        using var key = RSA.Create(2048);
        using var authority = Authority("Passthrough test", key);
        using var strangerKey = RSA.Create(2048);
        using var stranger = Authority("Somebody else", strangerKey);
        Write("server", "server", authority, authority, "localhost");
        Write("client", "client", authority, authority, "client");
        Write("stranger", "client", authority, stranger, "client");
        Write("nokey", "client", authority, authority, "client");
        File.Delete(Path.Combine(Folder, "nokey", "clientkey.pem"));
    }

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    private static X509Certificate2 Authority(string name, RSA key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private void Write(string folder, string role, X509Certificate2 trusted, X509Certificate2 signer, string name)
    {
        var path = Directory.CreateDirectory(Path.Combine(Folder, folder)).FullName;
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyEncipherment, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using var certificate = request.Create(signer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(20), RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(Path.Combine(path, "cacert.pem"), trusted.ExportCertificatePem());
        File.WriteAllText(Path.Combine(path, $"{role}cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(path, $"{role}key.pem"), key.ExportPkcs8PrivateKeyPem());
    }
}
