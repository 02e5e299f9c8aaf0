using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Iommu;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Kernel.Modules;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Readiness;

/// <summary>Computes the changes of the boot configuration that passthrough needs, and no others, from the facts of a host.</summary>
/// <remarks>
/// Documentation/admin-guide/kernel-parameters.txt: <c>intel_iommu=on</c> where the kernel was built with the IOMMU off by
/// default (CONFIG_INTEL_IOMMU_DEFAULT_ON). AMD's is on by default; <c>amd_iommu=on</c> does not exist. Thread safety: static.
/// </remarks>
public static class BootRecommendation
{
    /// <summary>Computes the change; its <see cref="BootChange.Reasons"/> say why, even if no change is needed.</summary>
    /// <param name="system">The host's facts. Unknown facts lead to no change, unless only the kernel's default is unknown.</param>
    /// <param name="configuredCommandLine">The configured command line (<see cref="BootConfiguration.Configured"/>); null if it
    /// is not known.</param>
    /// <param name="identityMapping">
    /// Whether to add <c>iommu=pt</c> as well: the host's own devices then bypass translation, which makes their DMA faster but
    /// removes the protection. Passthrough does not need it.
    /// </param>
    /// <exception cref="ArgumentNullException"><paramref name="system"/> is null.</exception>
    public static BootChange For(HostSystem system, string? configuredCommandLine = null, bool identityMapping = false)
    {
        ArgumentNullException.ThrowIfNull(system);
        var add = new List<BootParameter>();
        var remove = new List<string>();
        var reasons = new List<string>();
        var running = system.Kernel.CommandLine.Value ?? KernelCommandLine.Parse("");
        var configured = configuredCommandLine is null ? running : KernelCommandLine.Parse(configuredCommandLine);
        if (system.Environment.Xen.IsDom0.Value)
        {
            reasons.Add("Xen controls the IOMMU: a parameter of dom0's kernel has no effect.");
            return new BootChange { Reasons = reasons.ToValueList() };
        }

        var intel = system.Firmware.Has("DMAR").Value;
        var amd = system.Firmware.Has("IVRS").Value;
        if (intel)
        {
            ForIntel(system, running, configured, add, remove, reasons);
        }
        else if (amd)
        {
            reasons.Add("AMD's IOMMU is on by default: no parameter is needed (amd_iommu=on does not exist).");
        }
        else
        {
            reasons.Add("The firmware provides no readable IOMMU table: switch VT-d or AMD-Vi on in its set-up; until then no parameter helps.");
        }

        SwitchOffs(configured, intel, amd, remove, reasons);
        if (identityMapping && (intel || amd))
        {
            add.Add(BootParameter.Parse("iommu=pt"));
            reasons.Add("iommu=pt: the host's own devices bypass translation, which is faster but less protected; passthrough does not need it.");
        }

        return new BootChange
        {
            Add = add.ToValueList(),
            Remove = remove.ToValueList(),
            AllowModules = Blocked(system, reasons),
            LoadModules = Unloaded(system, reasons),
            Reasons = reasons.ToValueList(),
        };
    }

    /// <summary>Computes the change that binds devices to vfio-pci in the initramfs, before another driver takes them.</summary>
    /// <param name="snapshot">The host, with the details of the devices (<see cref="CaptureOptions.DetailsOf"/>), from which the modules of their drivers are known.</param>
    /// <param name="devices">The devices.</param>
    /// <returns>
    /// A change with <see cref="BootChange.EarlyBinding"/>: the ids of the devices and those that are configured already, because the kernel keeps
    /// only one list. vfio-pci takes every device with these ids; <see cref="BootChange.Reasons"/> names the others.
    /// </returns>
    /// <exception cref="ArgumentNullException">A parameter is null.</exception>
    /// <exception cref="ArgumentException"><paramref name="devices"/> is empty.</exception>
    /// <exception cref="PassthroughException">
    /// A device does not exist, the configuration of modprobe cannot be read, or another setting would replace the ids.
    /// </exception>
    public static BootChange ForEarlyBinding(HostSnapshot snapshot, IEnumerable<PciAddress> devices)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(devices);
        ValueList<PciAddress> addresses = [.. devices.Distinct()];
        return addresses.IsEmpty ? throw new ArgumentException("early binding needs at least one device", nameof(devices)) : EarlyBinding.For(snapshot, addresses);
    }

    private static void ForIntel(HostSystem system, KernelCommandLine running, KernelCommandLine configured, List<BootParameter> add, List<string> remove, List<string> reasons)
    {
        bool? byDefault = IntelIommu.IsOnByDefault(system.Kernel) is { IsKnown: true } said ? said.Value
            : system.Iommu.IsActive.Value && IommuParameters.SwitchOf(running, IommuParameters.Intel) is not { IsOn: true } ? true
            : null;
        if (byDefault == true)
        {
            reasons.Add("This kernel switches Intel's IOMMU on by default: no parameter is needed.");
            RemoveOff(configured, IommuParameters.Intel, remove, reasons);
            return;
        }

        foreach (var parameter in configured.Effective(IommuParameters.Intel).Where(p => p.Value is not null && !p.Options.Any(IntelIommu.Knows)))
        {
            remove.Add(parameter.ToString());
            reasons.Add($"{parameter}: the kernel does not know this word.");
        }

        add.Add(BootParameter.Parse("intel_iommu=on"));
        reasons.Add(byDefault is null
            ? "intel_iommu=on: whether this kernel has Intel's IOMMU on by default could not be read; if it has, the parameter is harmless."
            : $"intel_iommu=on: this kernel leaves Intel's IOMMU off by default ({IntelIommu.DefaultOn} is not set).");
    }

    private static void SwitchOffs(KernelCommandLine configured, bool intel, bool amd, List<string> remove, List<string> reasons)
    {
        string[] names = [.. intel || amd ? [IommuParameters.Generic] : Array.Empty<string>(), .. amd ? [IommuParameters.Amd] : Array.Empty<string>()];
        foreach (var name in names)
        {
            RemoveOff(configured, name, remove, reasons);
        }
    }

    // Only if the result is off; the kernel compares the beginnings of words, so "offline" counts as off.
    private static void RemoveOff(KernelCommandLine configured, string name, List<string> remove, List<string> reasons)
    {
        if (IommuParameters.SwitchOf(configured, name) is not { IsOn: false })
        {
            return;
        }

        foreach (var word in configured.Effective(name).SelectMany(parameter => parameter.Options).Where(IommuParameters.IsOff).Distinct(StringComparer.Ordinal))
        {
            remove.Add($"{name}={word}");
            reasons.Add($"{name}={word} switches the IOMMU off.");
        }
    }

    private static ValueList<string> Blocked(HostSystem system, List<string> reasons)
    {
        var blocked = VfioModules.Obstacles(system.Modules).ToLookup(obstacle => obstacle.Module);
        foreach (var obstacles in blocked)
        {
            reasons.Add($"{obstacles.Key} must not be blacklisted: {obstacles.First()}.");
        }

        return [.. blocked.Select(obstacles => obstacles.Key)];
    }

    private static ValueList<string> Unloaded(HostSystem system, List<string> reasons)
    {
        if (system.Modules[VfioModules.Driver].IsPresent is not { IsKnown: true, Value: false })
        {
            return [];
        }

        reasons.Add("vfio-pci is not loaded: from now on it is loaded at boot.");
        return ["vfio-pci"];
    }
}
