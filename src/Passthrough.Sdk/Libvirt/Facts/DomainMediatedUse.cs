namespace Passthrough.Sdk.Libvirt;

/// <summary>A mediated device of the host that a libvirt domain has, or that its definition requests.</summary>
/// <param name="Domain">The domain's name.</param>
/// <param name="Uuid">The UUID of the mediated device.</param>
/// <param name="IsRunning">
/// Whether the running domain has the device now (<c>virsh dumpxml</c>). Otherwise the persistent definition requests it
/// (<c>virsh dumpxml --inactive</c>); the domain may be running or shut off.
/// </param>
/// <remarks>The device need not belong to a PCI function; if it does, <see cref="DomainDeviceUse"/> names that function. Thread safety: immutable.</remarks>
public sealed record DomainMediatedUse(string Domain, Guid Uuid, bool IsRunning)
{
    /// <summary>The source of the fact, for evidence.</summary>
    internal string Source => IsRunning ? $"virsh dumpxml {Domain}" : $"virsh dumpxml --inactive {Domain}";
}
