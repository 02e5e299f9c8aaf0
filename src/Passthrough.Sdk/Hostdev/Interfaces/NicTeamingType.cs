namespace Passthrough.Sdk.Hostdev;

/// <summary>The roles of the two interfaces of a team.</summary>
public enum NicTeamingType
{
    /// <summary>The persistent interface, a virtio interface.</summary>
    Persistent,

    /// <summary>The transient interface, a host device that is unplugged for migration.</summary>
    Transient,
}
