
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Plans;

/// <summary>
/// libvirt did not answer in time (<see cref="PlanOptions.LibvirtTimeout"/>). The call is still under way inside
/// libvirt, nothing can interrupt it, and it may yet take effect.
/// </summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class LibvirtTimeoutException : PassthroughException
{
    internal LibvirtTimeoutException(string connection, string call, string time)
        : base(
            $"libvirt at {connection} did not answer {time} when it was asked to {call}; the call is still under way and may yet take effect; "
            + "find out what libvirtd waits for (its log, virsh list), or restart it")
    {
    }
}
