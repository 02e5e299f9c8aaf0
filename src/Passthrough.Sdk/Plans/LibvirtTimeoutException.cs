using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>
/// The exception that is thrown when libvirt does not answer in time (<see cref="PlanOptions.LibvirtTimeout"/>). The call is still in
/// progress inside libvirt; it cannot be interrupted and may take effect later.
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class LibvirtTimeoutException : PassthroughException
{
    internal LibvirtTimeoutException(string connection, string call, string time)
        : base(
            $"libvirt at {connection} did not complete the call '{call}' {time}; the call is still in progress and may take effect later; "
            + "find out what libvirtd waits for (its log, virsh list), or restart it")
    {
    }
}
