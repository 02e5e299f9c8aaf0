using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>The devices to which vfio-pci is bound at boot, before their own driver.</summary>
/// <remarks>
/// vfio-pci's parameter <c>ids</c> selects by vendor and device id, so it takes every device with these ids. To select only one of
/// several equal devices, use a driver override instead. Thread safety: immutable.
/// </remarks>
/// <param name="Ids">Vendor and device ids, <c>10de:1b80</c> (drivers/vfio/pci/vfio_pci.c, parameter ids).</param>
/// <param name="Before">Drivers that must be loaded after vfio-pci (modprobe.d's softdep): <c>nouveau</c>, <c>snd_hda_intel</c>.</param>
public sealed record VfioEarlyBinding(ValueList<string> Ids, ValueList<string> Before);
