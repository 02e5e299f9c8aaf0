namespace Passthrough.Sdk.Hostdev.Xml;

/// <summary>libvirt's words for the values of the enums.</summary>
internal static class Words
{
    public static readonly (string Word, HostBackend Value)[] Backends =
        [("vfio", HostBackend.Vfio), ("kvm", HostBackend.Kvm), ("xen", HostBackend.Xen)];

    public static readonly (string Word, NicTeamingType Value)[] TeamingTypes =
        [("persistent", NicTeamingType.Persistent), ("transient", NicTeamingType.Transient)];

    public static string Of<T>(T value, ReadOnlySpan<(string Word, T Value)> words)
        where T : struct
    {
        foreach (var (word, known) in words)
        {
            if (EqualityComparer<T>.Default.Equals(value, known))
            {
                return word;
            }
        }

        throw new LibvirtXmlException(null, $"{value} is no {typeof(T).Name}");
    }
}
