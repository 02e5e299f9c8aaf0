namespace Passthrough.Sdk.Hostdev;

/// <summary>The models of a vhost SCSI device in the guest.</summary>
public enum VhostScsiModel
{
    /// <summary>The model that fits the machine.</summary>
    Virtio,

    /// <summary>A model that also works in guests that support only virtio 0.9.</summary>
    VirtioTransitional,

    /// <summary>A model for guests that support virtio 1.0.</summary>
    VirtioNonTransitional,
}
