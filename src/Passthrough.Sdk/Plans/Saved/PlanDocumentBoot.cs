using System.Collections.Immutable;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The request of a saved plan for the boot configuration.</summary>
internal sealed record PlanDocumentBoot
{
    public required ImmutableArray<string> Add { get; init; }

    public required ImmutableArray<string> Remove { get; init; }

    public required ImmutableArray<string> LoadModules { get; init; }

    public required ImmutableArray<string> AllowModules { get; init; }

    /// <summary>The ids of the devices to which vfio-pci is bound early at boot; null for no change.</summary>
    public ImmutableArray<string>? EarlyBinding { get; init; }

    /// <summary>The drivers that must be loaded after vfio-pci.</summary>
    public ImmutableArray<string>? EarlyBindingBefore { get; init; }

    public required ImmutableArray<string> Reasons { get; init; }

    /// <summary>The files that change, with the difference that was shown.</summary>
    public required ImmutableArray<PlanDocumentFile> Files { get; init; }
}
