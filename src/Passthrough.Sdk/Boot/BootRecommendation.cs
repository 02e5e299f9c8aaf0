using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Kernel;
using Passthrough.Sdk.Host.Modules;

namespace Passthrough.Sdk.Boot;

/// <summary>What passthrough needs of the boot configuration, and no more: a pure function of what a host says of itself.</summary>
/// <remarks>
/// Documentation/admin-guide/kernel-parameters.txt: <c>intel_iommu=on</c> where the kernel was built with the IOMMU off by
/// default (CONFIG_INTEL_IOMMU_DEFAULT_ON). AMD's is on by default; <c>amd_iommu=on</c> does not exist. Thread safety: static.
/// </remarks>
public static class BootRecommendation
{
    /// <summary>Works out the change; its <see cref="BootChange.Reasons"/> say why, also where nothing is needed.</summary>
    /// <param name="system">The host's facts. What is unknown leads to no change, unless the kernel's default is all that is unknown.</param>
    /// <param name="configuredCommandLine">The configured command line (<see cref="BootConfiguration.Configured"/>); null when it is not known.</param>
    /// <param name="identityMapping">
    /// Whether to ask for <c>iommu=pt</c> as well: the host's own devices then bypass translation, which spares their DMA
    /// the cost of it and takes the protection from them. Passthrough works without.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="system"/> is null.</exception>
    public static BootChange For(HostSystem system, string? configuredCommandLine = null, bool identityMapping = false)
    {
        ArgumentNullException.ThrowIfNull(system);
        var add = ImmutableArray.CreateBuilder<BootParameter>();
        var remove = ImmutableArray.CreateBuilder<string>();
        var reasons = ImmutableArray.CreateBuilder<string>();
        KernelCommandLine running = system.Kernel.CommandLine.Value ?? KernelCommandLine.Parse("");
        KernelCommandLine configured = configuredCommandLine is null ? running : KernelCommandLine.Parse(configuredCommandLine);
        if (system.Environment.Xen.IsDom0.Value)
        {
            reasons.Add("Xen drives the IOMMU: a parameter of dom0's kernel has no effect.");
            return new BootChange { Reasons = reasons.ToImmutable() };
        }

        bool intel = system.Firmware.Has("DMAR").Value;
        bool amd = system.Firmware.Has("IVRS").Value;
        if (intel)
            ForIntel(system, running, configured, add, remove, reasons);
        else if (amd)
            reasons.Add("AMD's IOMMU is on by default: no parameter is needed (amd_iommu=on does not exist).");
        else
            reasons.Add("The firmware gives no IOMMU table that could be read: switch VT-d or AMD-Vi on in its set-up; no parameter helps before.");
        SwitchOffs(configured, intel, amd, remove, reasons);
        if (identityMapping && (intel || amd))
        {
            add.Add(BootParameter.Parse("iommu=pt"));
            reasons.Add("iommu=pt: the host's own devices bypass translation, faster and less protected; passthrough works without.");
        }

        return new BootChange
        {
            Add = add.ToImmutable(),
            Remove = remove.ToImmutable(),
            AllowModules = Blocked(system, reasons),
            LoadModules = Unloaded(system, reasons),
            Reasons = reasons.ToImmutable(),
        };
    }

    private static void ForIntel(HostSystem system, KernelCommandLine running, KernelCommandLine configured, ImmutableArray<BootParameter>.Builder add, ImmutableArray<string>.Builder remove, ImmutableArray<string>.Builder reasons)
    {
        bool? byDefault = IntelIommu.IsOnByDefault(system.Kernel) is { IsKnown: true } said ? said.Value
            : system.Iommu.IsActive.Value && !running.Options("intel_iommu").Contains("on") ? true
            : null;
        if (byDefault == true)
        {
            reasons.Add("This kernel switches Intel's IOMMU on by default: no parameter is needed.");
            if (configured.Options("intel_iommu").Contains("off"))
            {
                remove.Add("intel_iommu=off");
                reasons.Add("intel_iommu=off switches the IOMMU off.");
            }

            return;
        }

        foreach (KernelParameter parameter in configured.All("intel_iommu").Where(p => p.Value is not null && !p.Options.Any(IntelIommu.Knows)))
        {
            remove.Add(parameter.ToString());
            reasons.Add($"{parameter}: the kernel knows no such word.");
        }

        add.Add(BootParameter.Parse("intel_iommu=on"));
        reasons.Add(byDefault is null
            ? "intel_iommu=on: whether this kernel has Intel's IOMMU on by default could not be read; the parameter does no harm where it has."
            : $"intel_iommu=on: this kernel leaves Intel's IOMMU off by default ({IntelIommu.DefaultOn} is not set).");
    }

    private static void SwitchOffs(KernelCommandLine configured, bool intel, bool amd, ImmutableArray<string>.Builder remove, ImmutableArray<string>.Builder reasons)
    {
        string[] names = [.. intel || amd ? ["iommu"] : Array.Empty<string>(), .. amd ? ["amd_iommu"] : Array.Empty<string>()];
        foreach (string name in names)
        {
            if (!configured.Options(name).Contains("off"))
                continue;
            remove.Add($"{name}=off");
            reasons.Add($"{name}=off switches the IOMMU off.");
        }
    }

    private static ImmutableArray<string> Blocked(HostSystem system, ImmutableArray<string>.Builder reasons)
    {
        var blocked = VfioModules.Obstacles(system.Modules).ToLookup(obstacle => obstacle.Module);
        foreach (var obstacles in blocked)
            reasons.Add($"{obstacles.Key} must not be blacklisted: {obstacles.First()}.");
        return [.. blocked.Select(obstacles => obstacles.Key)];
    }

    private static ImmutableArray<string> Unloaded(HostSystem system, ImmutableArray<string>.Builder reasons)
    {
        if (system.Modules[VfioModules.Driver].IsPresent is not { IsKnown: true, Value: false })
            return [];
        reasons.Add("vfio-pci is not loaded: it is loaded at boot from now on.");
        return ["vfio-pci"];
    }
}
