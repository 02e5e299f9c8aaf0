using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>
/// Describes how a host should be: the devices that are kept for guests, virtual functions, mediated devices, kernel parameters, and the hook of
/// libvirt.
/// </summary>
/// <remarks>
/// Whatever the state does not mention is left alone. The state can also be written as JSON (<see cref="Parse"/>, <see cref="ToJson"/>); docs/desired-state.md
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
    /// <summary>The version of the documents that this version of the library reads and writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>Gets the devices that are kept for guests, and those that are not (<see cref="DeviceState.IsAbsent"/>).</summary>
    public ValueList<DeviceState> Devices { get; init; } = [];

    /// <summary>Gets the physical functions whose virtual functions are managed.</summary>
    public ValueList<VirtualFunctionState> VirtualFunctions { get; init; } = [];

    /// <summary>Gets the mediated devices that exist, and those that do not (<see cref="MediatedDeviceState.IsAbsent"/>).</summary>
    public ValueList<MediatedDeviceState> MediatedDevices { get; init; } = [];

    /// <summary>Gets the kernel parameters that are set, and those that are not (<see cref="ParameterState.IsAbsent"/>).</summary>
    public ValueList<ParameterState> Parameters { get; init; } = [];

    /// <summary>Gets the hook through which libvirt asks the guards before a domain starts; null to leave it alone.</summary>
    public HookState? Hook { get; init; }

    /// <summary>The selectors of all items.</summary>
    internal IEnumerable<DeviceSelector> Selectors => Devices.Select(item => item.Select).Concat(VirtualFunctions.Select(item => item.Select));

    /// <summary>Reads a state from a document.</summary>
    /// <param name="json">The text. docs/desired-state.md describes its fields.</param>
    /// <exception cref="ArgumentNullException"><paramref name="json"/> is null.</exception>
    /// <exception cref="HostStateException">
    /// The text is not JSON, a property is unknown, missing or given twice, a value is not valid, two items contradict each other, or the document
    /// needs another version of this library. The exception names the place and the value.
    /// </exception>
    public static HostState Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        var state = HostStateReader.Read(json);
        HostStateCheck.Run(state);
        return state;
    }

    /// <summary>Writes the state as a document that <see cref="Parse"/> can read.</summary>
    /// <returns>The document as indented JSON, without a line break at its end.</returns>
    /// <exception cref="HostStateException">A value is not valid, or two items contradict each other.</exception>
    public string ToJson()
    {
        HostStateCheck.Run(this);
        return HostStateWriter.Write(this);
    }
}
