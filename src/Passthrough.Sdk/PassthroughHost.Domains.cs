using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk;

/// <content>What the domains of a connection have to do with the devices of a plan.</content>
public sealed partial class PassthroughHost
{
    /// <summary>The facts with what the plan's domain and all others have, and what their definitions ask for.</summary>
    private ReadinessContext WithDomains(ReadinessContext context, ILibvirtDomain domain)
    {
        var uses = DomainUsesReader.Read(domain.Connection, new HostDevicePaths(Sysfs));
        var target = new PlanTarget(domain.Name)
        {
            Live = domain.IsActive() ? DomainDocument.Parse(domain.GetXml()) : null,
            Uses = [.. uses.Where(use => use.Domain == domain.Name)],
        };
        return context with { Target = target, Uses = [.. uses.Where(use => use.Domain != domain.Name)] };
    }

    /// <summary>
    /// What speaks against a release. A device that the domain names is taken out of it whatever has become of it since: it may have gone
    /// from the host, or another domain may have it now.
    /// </summary>
    private static ValueList<Finding> JudgeReleased(ReadinessContext context)
    {
        var others = context with { Addresses = [.. context.Addresses.Where(address => context.Target?.Names(address) != true)] };
        return
        [
            .. ReadinessEngine.Run(ReadinessRules.OfReleasedAddresses, context),
            .. ReadinessEngine.Run(ReadinessRules.OfReleasedDevices, context),
            .. ReadinessEngine.Run(ReadinessRules.OfRelease, others),
        ];
    }
}
