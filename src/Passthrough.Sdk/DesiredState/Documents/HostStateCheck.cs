using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Starts;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Refuses a state with a value that is not valid, or with items that contradict each other, whether it was read or built.</summary>
internal static class HostStateCheck
{
    private const int LongestName = 64;

    /// <exception cref="HostStateException">The state cannot be that of a host.</exception>
    public static void Run(HostState state)
    {
        Each("devices", state.Devices, Check);
        Each("virtualFunctions", state.VirtualFunctions, Check);
        Each("mediatedDevices", state.MediatedDevices, Check);
        Each("parameters", state.Parameters, Check);
        Once("devices", [.. state.Devices.Select(item => item.Select.ToString())], "select");
        Once("virtualFunctions", [.. state.VirtualFunctions.Select(item => item.Select.ToString())], "select");
        Once("mediatedDevices", [.. state.MediatedDevices.Select(item => item.Uuid.ToString("D"))], "uuid");
        CheckBoth(state);
        CheckParameters(state);
        CheckHook(state.Hook);
    }

    /// <summary>Refuses also what a plan needs and a comparison does not.</summary>
    /// <exception cref="HostStateException">The state cannot be that of a host, or does not say which program the hook calls.</exception>
    public static void RunForPlan(HostState state)
    {
        Run(state);
        if (state.Hook is { IsAbsent: false, Command.IsEmpty: true })
        {
            throw new HostStateException("$.hook.command", "[]", "the state leaves the program of the hook to the program that applies it, and that has not named one; set HookState.Command");
        }
    }

    private static void Check(string path, DeviceState item)
    {
        Check(path, item.Select);
        if (item.Count < 1)
        {
            throw Fault($"{path}.count", item.Count, "a selector matches at least one device; write a number from 1, or \"ensure\": \"absent\"");
        }

        CheckName($"{path}.driver", item.Driver);
    }

    private static void Check(string path, VirtualFunctionState item)
    {
        Check(path, item.Select);
        if (item.Count < 0)
        {
            throw Fault($"{path}.count", item.Count, "a number of virtual functions is not negative; write 0 for none");
        }

        if (item.Driver is { } driver)
        {
            CheckName($"{path}.driver", driver);
        }

        try
        {
            // Only the message names the function, and here it is not known yet.
            VirtualFunctionRequestCheck.Check(item.Select.Address ?? default, new() { Count = item.Count, Settings = item.Settings });
        }
        catch (VirtualFunctionException e)
        {
            throw new HostStateException($"{path}.settings", value: null, e.Message, e);
        }
    }

    private static void Check(string path, MediatedDeviceState item)
    {
        foreach (var (name, value) in item.IsAbsent ? [] : new[] { ("parent", item.Parent), ("type", item.Type) })
        {
            if (string.IsNullOrEmpty(value) || value is "." or ".." || !IsText(value) || value.Any(letter => letter == '/' || char.IsControl(letter)))
            {
                throw Fault($"{path}.{name}", value, "this is not a name in sysfs; write it as /sys/class/mdev_bus shows it, without a slash");
            }
        }
    }

    private static void Check(string path, ParameterState item)
    {
        if (!IsText(item.Parameter) || !BootParameter.TryParse(item.Parameter, out _))
        {
            throw Fault($"{path}.parameter", item.Parameter, "this is not a kernel parameter; write NAME or NAME=VALUE, with double quotes around a value that contains spaces");
        }
    }

    private static void Check(string path, DeviceSelector select)
    {
        if (select.IsEmpty)
        {
            throw new HostStateException($"{path}.select", "{}", "it would mean every device; give an address, ids, a class or a serial number");
        }

        if (select.ClassPrefix is { } prefix && (prefix.Length is not (2 or 4 or 6) || !prefix.All(char.IsAsciiHexDigit)))
        {
            throw Fault($"{path}.select.class", prefix, "this is not a class; write two, four or six hexadecimal digits: 02 for every network controller, 0200 for Ethernet");
        }
    }

    // On a host the same may show for other selectors: there it is a finding.
    private static void CheckBoth(HostState state)
    {
        for (var i = 0; i < state.VirtualFunctions.Count; i++)
        {
            if (state.VirtualFunctions[i] is { Count: > 0 } item && state.Devices.Any(device => !device.IsAbsent && HostDrivers.IsForGuests(device.Driver) && device.Select == item.Select))
            {
                throw new HostStateException(
                    FormattableString.Invariant($"$.virtualFunctions[{i}].select"), $"\"{item.Select}\"", $"{item.Select} is also one of the devices that are kept for guests, and such a function has no virtual functions; remove one of the two");
            }
        }
    }

    private static void CheckParameters(HostState state)
    {
        for (var i = 0; i < state.Parameters.Count; i++)
        {
            var (item, parameter) = (state.Parameters[i], BootParameter.Parse(state.Parameters[i].Parameter));
            var first = state.Parameters.Take(i).FirstOrDefault(other => BootParameter.Parse(other.Parameter) is var earlier && earlier.IsNamed(parameter.Name)
                && (earlier.Value == parameter.Value || (item.IsAbsent && parameter.Value is null) || (other.IsAbsent && earlier.Value is null)));
            if (first is not null)
            {
                throw Fault($"$.parameters[{i}].parameter", item.Parameter, first.IsAbsent == item.IsAbsent
                    ? $"the parameter is named twice ({first.Parameter}); remove one of the two"
                    : $"another item says the opposite of {first.Parameter}; remove one of the two");
            }
        }
    }

    private static void CheckHook(HookState? hook)
    {
        if (hook is null or { IsAbsent: true } or { Command.IsEmpty: true })
        {
            return;
        }

        if (hook.Command.FirstOrDefault(word => !IsText(word)) is { } broken)
        {
            throw Fault("$.hook.command", broken, "the word contains half of a surrogate pair, which is not a character; correct it");
        }

        try
        {
            _ = StartHookScript.Write(new StartHookOptions { Command = hook.Command });
        }
        catch (ArgumentException e)
        {
            throw new HostStateException("$.hook.command", value: null, e.Message, e);
        }
    }

    // As PlanBind wants it: it becomes a part of a path in sysfs.
    private static void CheckName(string path, string driver)
    {
        if (driver.Length is 0 or > LongestName || driver.StartsWith('.') || driver.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '_' or '.')))
        {
            throw Fault(path, driver, "this is not the name of a driver; write it as /sys/bus/pci/drivers shows it, for example vfio-pci");
        }
    }

    private static void Once(string list, string[] keys, string name)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            if (Array.IndexOf(keys, keys[i]) is var first && first < i)
            {
                throw new HostStateException($"$.{list}[{i}].{name}", $"\"{keys[i]}\"", $"$.{list}[{first}] names the same already ({keys[i]}); remove one of the two");
            }
        }
    }

    private static void Each<T>(string list, Facts.ValueList<T> items, Action<string, T> check)
    {
        for (var i = 0; i < items.Count; i++)
        {
            check($"$.{list}[{i}]", items[i]);
        }
    }

    // Half of a surrogate pair cannot be written to a file.
    private static bool IsText(string value) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value)) == value;

    private static HostStateException Fault(string path, string? value, string reason) =>
        new(path, value is null ? null : $"\"{JsonEncodedText.Encode(Encoding.UTF8.GetBytes(value))}\"", value is null ? reason : $"'{value}': {reason}");

    private static HostStateException Fault(string path, int value, string reason) => new(path, FormattableString.Invariant($"{value}"), FormattableString.Invariant($"{value}: {reason}"));
}
