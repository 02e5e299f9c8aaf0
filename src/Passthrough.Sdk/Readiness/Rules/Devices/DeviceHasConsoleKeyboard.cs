using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Readiness.Rules;

/// <summary>
/// Reports a USB controller, or another function, to which a keyboard of the host's console is connected: an error if no other keyboard stays, because
/// nobody but the operator knows whether another way in exists.
/// </summary>
internal sealed class DeviceHasConsoleKeyboard : IReadinessRule
{
    public ValueList<FindingDescription> Describes { get; } =
    [
        new()
        {
            Id = FindingIds.DeviceHasConsoleKeyboard,
            Severity = FindingSeverity.Error,
            Title = "a keyboard of the host's console is connected to the device",
            Meaning =
                "The keyboard is the guest's when the device is assigned, and nobody can type on the host's console any more. The finding is a "
                + "warning if the console has another keyboard that stays. A keyboard that a remote management controller emulates counts too.",
            Detection =
                "/proc/bus/input/devices: the entries with the handler kbd and the keys Enter and A, by the PCI function in their path. Keyboards "
                + "that a program emulates (uinput), and those over Bluetooth (uhid), do not count. Some mice and security tokens present "
                + "themselves as keyboards.",
            Remedy =
                "Make sure that you have other access (ssh, a serial console), then accept the finding by its id; or connect a keyboard to "
                + "another controller.",
        },
    ];

    public IEnumerable<Finding> Check(ReadinessContext context)
    {
        var usage = context.System.Usage;
        var taken = context.Devices.Select(device => device.Address).ToHashSet();
        foreach (var device in context.Devices)
        {
            var keyboards = usage[device.Address].Keyboards;
            if (keyboards.IsUnknown && device.ClassCode is { } code && code.BaseClass == 0x0c && code.Subclass == 0x03)
            {
                yield return FindingFactory.Undetermined(
                    [device.Address],
                    FindingIds.DeviceHasConsoleKeyboard,
                    $"whether a keyboard of the console is connected to {device.Address}",
                    keyboards,
                    FindingSeverity.Error);
            }
            else if (keyboards is { IsKnown: true, Value: { IsEmpty: false } lost })
            {
                var others = usage.OtherKeyboards.Value
                    .Concat(usage.Addresses.Where(address => !taken.Contains(address)).SelectMany(address => usage[address].Keyboards.Value))
                    .ToValueList();
                var names = string.Join(", ", lost);
                yield return FindingFactory.Of(
                    [device.Address],
                    FindingIds.DeviceHasConsoleKeyboard,
                    others.IsEmpty ? FindingSeverity.Error : FindingSeverity.Warning,
                    others.IsEmpty
                        ? $"the only keyboard of the host's console is connected to {device.Address}: {names}"
                        : $"a keyboard of the host's console is connected to {device.Address}: {names}; {string.Join(", ", others)} stays",
                    others.IsEmpty
                        ? $"make sure that you have other access (ssh, a serial console), then accept {FindingIds.DeviceHasConsoleKeyboard}; or connect a keyboard to another controller"
                        : "nothing has to be done if the keyboard is meant for the guest; otherwise connect it to another controller",
                    new Evidence(keyboards.Source, names));
            }
        }
    }
}
