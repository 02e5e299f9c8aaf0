using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>How a host should be: what is kept for guests, which virtual functions and mediated devices exist, kernel parameters, the hook.</summary>
/// <remarks>
/// What is not mentioned is left alone. The same state can be written as JSON (<see cref="Parse"/>, <see cref="ToJson"/>); docs/desired-state.md
/// describes every field. <see cref="PassthroughHost.PlanState"/> plans the changes, and <see cref="PassthroughHost.CheckState"/>
/// reports the differences. Thread safety: immutable.
/// </remarks>
/// <example>
/// <code>
/// var state = new HostState
/// {
///     Devices = [new DeviceState(DeviceSelector.At(PciAddress.Parse("0000:01:00.0")))],
///     VirtualFunctions = [new VirtualFunctionState(DeviceSelector.At(PciAddress.Parse("0000:02:00.0")), 4) { ProbesDrivers = false }],
///     Parameters = [new ParameterState("intel_iommu=on")],
/// };
/// await host.PlanState(state).ApplyAsync();
/// </code>
/// </example>
public sealed record HostState
{
    /// <summary>The number of the format that this version writes, and the highest that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Gets the devices that are kept for guests, or are not.</summary>
    public ValueList<DeviceState> Devices { get; init; } = [];

    /// <summary>Gets the physical functions whose virtual functions are managed.</summary>
    public ValueList<VirtualFunctionState> VirtualFunctions { get; init; } = [];

    /// <summary>Gets the mediated devices that exist, or do not.</summary>
    public ValueList<MediatedDeviceState> MediatedDevices { get; init; } = [];

    /// <summary>Gets the kernel parameters that are set, or are not.</summary>
    public ValueList<ParameterState> Parameters { get; init; } = [];

    /// <summary>Gets the hook through which libvirt asks the guards before a domain starts; null to leave it alone.</summary>
    public HookState? Hook { get; init; }

    /// <summary>The selectors of all items.</summary>
    internal IEnumerable<DeviceSelector> Selectors => Devices.Select(item => item.Select).Concat(VirtualFunctions.Select(item => item.Select));

    /// <summary>Reads a document.</summary>
    /// <param name="json">The text. docs/desired-state.md describes its fields.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="HostStateException">
    /// The text is not JSON, a property is unknown, missing or given twice, a value is not valid, two items contradict each other, or a newer
    /// version is needed. The exception names the place and the value.
    /// </exception>
    public static HostState Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var state = HostStateReader.Read(json);
        HostStateCheck.Run(state);
        return state;
    }

    /// <summary>Writes the state as a document that <see cref="Parse"/> reads.</summary>
    /// <returns>Indented JSON without a line end after it.</returns>
    /// <exception cref="HostStateException">A value is not valid, or two items contradict each other.</exception>
    public string ToJson()
    {
        HostStateCheck.Run(this);
        return HostStateWriter.Write(this);
    }
}
