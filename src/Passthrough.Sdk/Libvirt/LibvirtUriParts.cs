namespace Passthrough.Sdk.Libvirt;

/// <summary>The parts of a URI of libvirt's: <c>DRIVER[+TRANSPORT]://[USER@][HOST][:PORT]/[PATH][?PARAMETERS]</c> (libvirt: uri.html).</summary>
internal sealed record LibvirtUriParts
{
    /// <summary>The driver: <c>qemu</c>, <c>xen</c>, <c>test</c>.</summary>
    public required string Driver { get; init; }

    /// <summary>The transport: <c>ssh</c>, <c>tls</c>, <c>tcp</c>, <c>unix</c>, <c>ext</c>, ...; null if it is not specified.</summary>
    public required string? Transport { get; init; }

    /// <summary>The machine; empty if none is named.</summary>
    public required string Host { get; init; }

    /// <summary>The path after the machine: <c>system</c>, <c>session</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether a socket of the caller's choice is used (<c>?socket=</c>): whoever listens there may have brought it from elsewhere.</summary>
    public required bool HasOwnSocket { get; init; }

    public static LibvirtUriParts Parse(string uri)
    {
        var (scheme, rest) = Cut(uri, ":");
        var (driver, transport) = Cut(scheme, "+");
        var (body, query) = Cut(rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : "/" + rest, "?");
        var (authority, path) = Cut(body, "/");
        var host = authority[(authority.LastIndexOf('@') + 1)..];
        return new()
        {
            Driver = driver.ToLowerInvariant(),
            Transport = transport.Length > 0 ? transport.ToLowerInvariant() : null,
            Host = host.StartsWith('[') ? Cut(host[1..], "]").Before : Cut(host, ":").Before,
            Path = path,
            HasOwnSocket = query.Split('&', ';').Any(parameter => parameter.StartsWith("socket=", StringComparison.OrdinalIgnoreCase)),
        };
    }

    private static (string Before, string After) Cut(string text, string at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + at.Length)..]);
    }
}
