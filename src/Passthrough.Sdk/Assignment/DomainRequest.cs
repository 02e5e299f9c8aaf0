using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Assignment;

/// <summary>What one domain is to get or to lose in a plan for several domains (<see cref="IPassthroughHost.PlanTogether"/>).</summary>
/// <remarks>Thread safety: immutable; the domain has its own rules.</remarks>
public sealed record DomainRequest
{
    /// <summary>Creates a request to assign devices to a domain.</summary>
    /// <param name="domain">The domain, on this host.</param>
    /// <param name="assignment">The devices, and how the domain gets them.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public DomainRequest(ILibvirtDomain domain, AssignmentRequest assignment)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(assignment);
        (Domain, Assignment) = (domain, assignment);
    }

    /// <summary>Creates a request to release devices from a domain.</summary>
    /// <param name="domain">The domain, on this host.</param>
    /// <param name="release">The devices, and where the domain loses them.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public DomainRequest(ILibvirtDomain domain, ReleaseRequest release)
    {
        ArgumentNullException.ThrowIfNull(domain);
        ArgumentNullException.ThrowIfNull(release);
        (Domain, Release) = (domain, release);
    }

    /// <summary>Gets the domain.</summary>
    public ILibvirtDomain Domain { get; }

    /// <summary>Gets the devices that the domain is to get; null if it is to lose devices.</summary>
    public AssignmentRequest? Assignment { get; }

    /// <summary>Gets the devices that the domain is to lose; null if it is to get devices.</summary>
    public ReleaseRequest? Release { get; }
}
