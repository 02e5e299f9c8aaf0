using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Xml;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Libvirt;

/// <summary>Finds out whether a connection leads to this machine.</summary>
/// <remarks>
/// A local socket of libvirt's own leads to this kernel, from inside of a container too. Every other way can end anywhere: a name that
/// says localhost may be a tunnel. There the host's UUID decides, which libvirt takes from its configuration, from DMI or from
/// machine-id, or makes up when its daemon starts; so it is compared with what this machine's own libvirt says first. UUIDs
/// that a maker put on every board, or that a copied machine still has, are told by the host's name.
/// </remarks>
internal static class LibvirtPlaceReader
{
    private static readonly string[] UuidFiles = ["/sys/class/dmi/id/product_uuid", "/etc/machine-id"];

    /// <summary>Asks the connection, and where its URI does not say it this machine's own libvirt and files.</summary>
    public static LibvirtPlace Read(ILibvirtConnection connection) =>
        Judge(connection.Uri, connection.GetDriverType(), () => IdentityOf(connection), () => connection is LibvirtConnection ? ReadLocalLibvirt(connection.Uri) : null, () => connection is LibvirtConnection ? ReadFiles() : []);

    /// <summary>Refuses a connection that is not known to lead to this machine.</summary>
    /// <exception cref="LibvirtNotThisHostException">It is not.</exception>
    public static void RequireThisHost(ILibvirtConnection connection)
    {
        var place = Read(connection);
        if (place.IsThisHost != true)
        {
            throw new LibvirtNotThisHostException(connection.Uri, place);
        }
    }

    /// <param name="uri">The connection's URI as libvirt completed it.</param>
    /// <param name="driver">The driver at the other end (<c>virConnectGetType</c>).</param>
    /// <param name="theirs">A function that returns the identity that the connection reports for its host.</param>
    /// <param name="local">
    /// A function that returns the identity that this machine's own libvirt reports; null if it does not answer.
    /// </param>
    /// <param name="files">
    /// A function that returns the identities in this machine's files: DMI and machine-id, and the kernel's name.
    /// </param>
    internal static LibvirtPlace Judge(string uri, string driver, Func<HostIdentity> theirs, Func<HostIdentity?> local, Func<IReadOnlyList<HostIdentity>> files)
    {
        var parts = LibvirtUriParts.Parse(uri);
        if (parts.Driver == "test" || driver.Equals("test", StringComparison.OrdinalIgnoreCase))
        {
            return new(false, "libvirt's test driver simulates its host and its domains");
        }

        if (parts is { Host: "", Transport: null or "unix", HasOwnSocket: false })
        {
            return new(true, "the URI names no other machine, and a local libvirt socket or this process serves it");
        }

        var there = theirs();
        if (there.Uuid is null)
        {
            return new(null, "libvirt does not report the UUID of its host");
        }

        if (local() is { Uuid: not null } here)
        {
            return here.Uuid != there.Uuid ? new(false, $"its host {there.Name ?? "?"} has the UUID {there.Uuid}, but this machine's libvirt reports {here.Uuid}")
                : here.HasNameOf(there) ? new(true, $"its host {there.Name} has the UUID {there.Uuid}, which this machine's own libvirt also reports")
                : OtherName(there, here);
        }

        return files().FirstOrDefault(file => file.Uuid == there.Uuid) is not { } same
                ? new(null, $"its host {there.Name ?? "?"} has the UUID {there.Uuid}, and this machine's libvirt did not answer, so it cannot be compared")
            : same.HasNameOf(there) ? new(true, $"its host {there.Name} has this machine's UUID {there.Uuid}")
            : OtherName(there, same);
    }

    private static LibvirtPlace OtherName(HostIdentity there, HostIdentity here) =>
        new(null, $"its host has this machine's UUID {there.Uuid}, but is called {there.Name ?? "?"} and not {here.Name ?? "?"}: the machine was copied, or the manufacturer gives every board the same UUID");

    private static HostIdentity IdentityOf(ILibvirtConnection connection)
    {
        Guid? uuid = null;
        if (XmlTree.Parse(connection.GetCapabilities()).Root.Child("host")?.Child("uuid")?.Value is { } text && Guid.TryParse(text.Trim(), out var value))
        {
            uuid = value;
        }

        return new(uuid, connection.GetHostname());
    }

    private static HostIdentity? ReadLocalLibvirt(string uri)
    {
        var parts = LibvirtUriParts.Parse(uri);
        try
        {
            using var connection = LibvirtConnection.Open($"{parts.Driver}:///{parts.Path}", new LibvirtConnectionOptions { ReadOnly = true });
            return IdentityOf(connection);
        }
        catch (Exception e) when (e is LibvirtException or LibvirtXmlException)
        {
            return null;
        }
    }

    private static IReadOnlyList<HostIdentity> ReadFiles()
    {
        if (LinuxSysfs.TryOpen("/", out var sysfs) != Errno.Success)
        {
            return [];
        }

        var name = sysfs!.ReadText("/proc/sys/kernel/hostname").Value?.Trim();
        return
        [
            .. UuidFiles
                .Select(path => sysfs!.ReadText(path).Value)
                .Where(text => Guid.TryParse(text?.Trim(), out _))
                .Select(text => new HostIdentity(Guid.Parse(text!.Trim()), name)),
        ];
    }
}
