namespace Passthrough.Sdk.Hostdev;

/// <summary>What a vhost SCSI device is to the guest.</summary>
public enum VhostScsiModel
{
    /// <summary>What fits the machine.</summary>
    Virtio,

    /// <summary>For guests that know only virtio 0.9 as well.</summary>
    VirtioTransitional,

    /// <summary>For guests that know virtio 1.0.</summary>
    VirtioNonTransitional,
}
