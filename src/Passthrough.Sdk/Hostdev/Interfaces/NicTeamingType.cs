namespace Passthrough.Sdk.Hostdev;

/// <summary>The part an interface has in a team of two.</summary>
public enum NicTeamingType
{
    /// <summary>The one that stays, a virtio interface.</summary>
    Persistent,

    /// <summary>The one that is unplugged for migration, a host device.</summary>
    Transient,
}
