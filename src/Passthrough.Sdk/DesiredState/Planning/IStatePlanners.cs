using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Starts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>The planners of the parts: those that everybody uses, with the options and the facts from libvirt of the whole.</summary>
internal interface IStatePlanners
{
    Plan InstallHook(StartHookOptions hook);

    Plan RemoveHook();

    /// <param name="devices">The functions.</param>
    /// <param name="functions">Whether the files that create virtual functions are removed, or those that bind.</param>
    Plan Unpersist(IEnumerable<PciAddress> devices, bool functions);

    Plan Unbind(IEnumerable<PciAddress> devices);

    /// <param name="device">The physical function.</param>
    /// <param name="request">The virtual functions.</param>
    /// <param name="bindsAgain">Whether the state binds the virtual functions afterwards, so that those that are created again lose no driver.</param>
    Plan SetFunctions(PciAddress device, VirtualFunctionRequest request, bool bindsAgain);

    Plan PersistFunctions(PciAddress device, int count, bool probesDrivers);

    Plan Bind(IEnumerable<PciAddress> devices, string driver);

    Plan Persist(IEnumerable<PciAddress> devices, string driver);

    Plan CreateMediated(MediatedDeviceState device);

    Plan RemoveMediated(Guid uuid, bool undefines);

    Plan ChangeBoot(BootChange change);
}
