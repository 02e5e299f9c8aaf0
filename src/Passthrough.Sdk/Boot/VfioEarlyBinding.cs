using System.Collections.Immutable;

namespace Passthrough.Sdk.Boot;

/// <summary>Devices that vfio-pci takes at boot, before their own driver can.</summary>
/// <remarks>
/// vfio-pci's parameter <c>ids</c> goes by vendor and device id: it takes every device of that kind, a twin included. A
/// single one of several equal devices needs a driver override instead. Thread safety: immutable.
/// </remarks>
/// <param name="Ids">Vendor and device ids, <c>10de:1b80</c> (drivers/vfio/pci/vfio_pci.c, parameter ids).</param>
/// <param name="Before">Drivers that have to wait for vfio-pci (modprobe.d's softdep): <c>nouveau</c>, <c>snd_hda_intel</c>.</param>
public sealed record VfioEarlyBinding(ImmutableArray<string> Ids, ImmutableArray<string> Before);
