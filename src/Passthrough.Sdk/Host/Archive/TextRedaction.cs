using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Passthrough.Sdk.Host.Archive;

/// <summary>
/// Takes out of texts (kernel parameters, the kernel's log, mount tables, configuration files) passwords, names of hosts and
/// users, addresses of servers, and serial numbers. What a verdict rests on stays.
/// </summary>
internal static partial class TextRedaction
{
    private const string Redacted = "redacted";
    private const string NoInterface = "020000fffe000000"; // that of 00:00:00:00:00:00
    private const int NetworkLength = 8;
    private const string NoMachine = "00000000000000000000000000000000";

    // Each pattern needs one of these, or a machine's id.
    private static readonly SearchValues<byte> Marks = SearchValues.Create("=:/- \t"u8);

    /// <summary>A file's name as it may stand in an archive: boot loader entries begin with the machine's id.</summary>
    public static string Name(string name) => name.Length < NoMachine.Length ? name : Machine().Replace(name, NoMachine);

    /// <summary>Whether a file can hold a secret. Most of those of sysfs are a number or a word, and cannot.</summary>
    public static bool MayHoldSecret(ReadOnlySpan<byte> content) => content.Length >= NoMachine.Length || content.ContainsAny(Marks);

    /// <summary>The text with <c>redacted</c>, or zeros of the same form, in the place of secrets.</summary>
    /// <param name="path">The file, as the host itself would write it.</param>
    /// <param name="text">The content of the file.</param>
    public static string Apply(string path, string text)
    {
        if (path.StartsWith("/proc/", StringComparison.Ordinal) && (path.EndsWith("/if_inet6", StringComparison.Ordinal) || path.EndsWith("/ipv6_route", StringComparison.Ordinal)))
        {
            return InterfaceHex().Replace(text, match => match.Groups["prefix"].Value + NoInterface); // its addresses have the form of a machine's id
        }

        if (path.StartsWith("/proc/", StringComparison.Ordinal) && (path.EndsWith("/mountinfo", StringComparison.Ordinal) || path.EndsWith("/mounts", StringComparison.Ordinal)))
        {
            text = NetworkMount().Replace(text, match => $"{match.Groups["before"].Value}{Redacted} rw");
        }

        if (path.StartsWith("/boot/", StringComparison.Ordinal) || path.StartsWith("/etc/", StringComparison.Ordinal))
        {
            text = MenuPassword().Replace(text, match => match.Groups["before"].Value + Redacted);
        }

        text = Machine().Replace(text, NoMachine);
        text = UrlCredentials().Replace(text, $"://{Redacted}@");
        text = QuotedSecret().Replace(text, match => $"\"{match.Groups["name"].Value}={Redacted}");
        text = Secret().Replace(text, match => $"{match.Groups["name"].Value}={Redacted}");
        text = NetworkRoot().Replace(text, Redacted);
        text = IscsiName().Replace(text, $"iqn.{Redacted}");
        text = DiskById().Replace(text, match => match.Groups["directory"].Value + Redacted);
        text = Announced().Replace(text, match => match.Groups["before"].Value + Redacted);
        text = HardwareAddress().Replace(text, match => HexDigit().Replace(match.Value, "0"));
        text = IPv6().Replace(text, match => WithoutInterface(match.Value));
        return Uuid().Replace(text, "00000000-0000-0000-0000-000000000000");
    }

    // An address that the kernel made from a hardware address (RFC 4291, EUI-64) contains it, around ff:fe. The network stays, so a link-local address stays one.
    private static string WithoutInterface(string text)
    {
        if (!IPAddress.TryParse(text, out var address) || address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return text;
        }

        var bytes = address.GetAddressBytes();
        if (bytes[11] != 0xff || bytes[12] != 0xfe)
        {
            return text;
        }

        Convert.FromHexString(NoInterface).CopyTo(bytes, NetworkLength);
        return new IPAddress(bytes).ToString();
    }

    // Parameters whose value is a secret, or names a host or a network (kernel, dracut, systemd, installers).
    private const string SecretName =
        """(?<name>[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|credential)[\w.-]*|ip|nfsroot|nfsaddrs|netroot|nameserver|hostname|systemd\.hostname|rd\.iscsi\.[\w.]+|iscsi_\w+|rd\.luks\.key|luks\.key|cryptkey|keyfile|user(?:name)?|inst\.(?:ks|repo|stage2)|ks|url)""";

    [GeneratedRegex($"""(?<![\w.-]){SecretName}=(?:"[^"\n]*"|'[^'\n]*'|[^\s"']+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    // The kernel takes a parameter with blanks in quotes as a whole: "name=some value".
    [GeneratedRegex($"""(?<=[\s=]|^)"{SecretName}=[^"\n]*""", RegexOptions.IgnoreCase)]
    private static partial Regex QuotedSecret();

    // root=nfs:server:/path, root=iscsi:user:password@server::::iqn
    [GeneratedRegex("""(?<=(?<![\w.-])root=)(?:nfs4?|iscsi|nbd|fcoe|cifs|smb|https?|live):[^\s"']+""", RegexOptions.IgnoreCase)]
    private static partial Regex NetworkRoot();

    // The line's fields up to the source: a network's file system has a server there, and its options name users.
    [GeneratedRegex("""(?m)^(?<before>.* - (?:nfs4?|cifs|smb3|ceph|9p|virtiofs|glusterfs|afs|fuse\.\S+) )\S.*$""")]
    private static partial Regex NetworkMount();

    // machine-id(5): confidential, and part of boot loader entries.
    [GeneratedRegex("(?<![0-9a-fA-F])[0-9a-f]{32}(?![0-9a-fA-F])")]
    private static partial Regex Machine();

    // grub.cfg: password NAME WORD, password_pbkdf2 NAME HASH.
    [GeneratedRegex("""(?m)^(?<before>[ \t]*password(?:_pbkdf2)?[ \t]+\S+[ \t]+)\S+""")]
    private static partial Regex MenuPassword();

    [GeneratedRegex("""://[^/\s:@"']+(?::[^/\s@"']*)?@""")]
    private static partial Regex UrlCredentials();

    [GeneratedRegex("""iqn\.\d{4}-\d{2}\.[^\s"',]+""")]
    private static partial Regex IscsiName();

    [GeneratedRegex("""(?<directory>/dev/disk/by-(?:id|label|partlabel)/)[^\s"',]+""")]
    private static partial Regex DiskById();

    // What the kernel and systemd say aloud in the log.
    [GeneratedRegex("""(?m)(?<before>SerialNumber: |[Ss]erial [Nn]umber:? |Hostname set to |S/N:? )\S[^\n]*""")]
    private static partial Regex Announced();

    // Six bytes with Ethernet, eight with IEEE 1394 and as an EUI-64, twenty with IP over InfiniBand (RFC 4391).
    [GeneratedRegex("(?<![0-9a-fA-F:])(?:(?:[0-9a-fA-F]{2}:){19}|(?:[0-9a-fA-F]{2}:){7}|(?:[0-9a-fA-F]{2}:){5})[0-9a-fA-F]{2}(?![0-9a-fA-F:])")]
    private static partial Regex HardwareAddress();

    [GeneratedRegex("[0-9a-fA-F]")]
    private static partial Regex HexDigit();

    [GeneratedRegex("(?<![0-9a-zA-Z:.])(?=[0-9a-fA-F]*:)[0-9a-fA-F:]{6,39}(?![0-9a-zA-Z:])")]
    private static partial Regex IPv6();

    // /proc/net/if_inet6: fe80000000000000505400fffe123456 02 40 20 80 enp1s0
    [GeneratedRegex("(?<![0-9a-f])(?<prefix>[0-9a-f]{16})[0-9a-f]{6}fffe[0-9a-f]{6}(?![0-9a-f])")]
    private static partial Regex InterfaceHex();

    [GeneratedRegex("(?<![0-9a-fA-F-])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9a-fA-F-])")]
    private static partial Regex Uuid();
}
