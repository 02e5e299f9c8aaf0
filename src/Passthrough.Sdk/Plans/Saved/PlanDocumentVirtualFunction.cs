namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The settings of one virtual function in a saved plan. A value that is null is left unchanged.</summary>
/// <param name="Index">The index of the virtual function.</param>
internal sealed record PlanDocumentVirtualFunction(int Index)
{
    public string? MacAddress { get; init; }

    /// <summary>The VLAN as <c>ip link</c> writes it: <c>100 qos 3 proto 802.1ad</c>.</summary>
    public string? Vlan { get; init; }

    public bool? Trust { get; init; }

    public bool? SpoofCheck { get; init; }
}
