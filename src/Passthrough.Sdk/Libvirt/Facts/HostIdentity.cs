namespace Passthrough.Sdk.Libvirt;

/// <summary>The identity of a host, from libvirt or from the host's own files.</summary>
/// <param name="Uuid">The host's UUID (<c>&lt;host&gt;&lt;uuid&gt;</c> of the capabilities, DMI, machine-id); null if nobody says.</param>
/// <param name="Name">The host's name; null if nobody says.</param>
internal sealed record HostIdentity(Guid? Uuid, string? Name)
{
    /// <summary>Whether both have the same name. libvirt completes it with the domain where it can (<c>vm1.example.org</c>).</summary>
    public bool HasNameOf(HostIdentity other) =>
        Name is { } name && other.Name is { } theirs && string.Equals(name.Split('.')[0], theirs.Split('.')[0], StringComparison.OrdinalIgnoreCase);
}
