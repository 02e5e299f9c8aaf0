using System.Globalization;
using System.Text.Json;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Reads a document. It is read value by value, so that an error names the place: a serializer knows the type that it could not make, and not what was meant.</summary>
internal static class HostStateReader
{
    private const string Address = "a PCI address; write domain:bus:slot.function, for example 0000:01:00.0";
    private const string Id = "an id of four hexadecimal digits; write it as lspci -nn prints it, for example 8086";
    private const string Serial = "a serial number of 16 hexadecimal digits; write it as lspci -vv prints it, for example 52-54-00-ff-ff-12-34-56";
    private const string Uuid = "a UUID; write it as 83b8f4f2-509f-382f-3c1e-e6bfe0fa1001";
    private const string Tag = "a VLAN; write it as ip link does, for example 100 or 100 qos 3, and 0 for none";

    /// <exception cref="HostStateException">The text is not a document.</exception>
    public static HostState Read(string json)
    {
        using var document = Parse(json);
        return Root(new(document.RootElement, "$"));
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new HostStateException("$", value: null, $"the text is not JSON ({e.Message.TrimEnd('.')}); correct it there", e);
        }
        catch (ArgumentException e)
        {
            throw new HostStateException("$", value: null, "the text is not JSON, because it contains half of a surrogate pair, which is not a character; correct it there", e);
        }
    }

    private static HostState Root(HostStateElement element)
    {
        var parts = element.Object("version", "devices", "virtualFunctions", "mediatedDevices", "parameters", "hook");
        var version = Required(element, parts, "version");
        if (version.Number() is not HostState.CurrentVersion)
        {
            throw version.Fault(FormattableString.Invariant(
                $"this version of the library reads documents of the version {HostState.CurrentVersion} only; write \"version\": {HostState.CurrentVersion}, or use a library that knows the document"));
        }

        return new()
        {
            Devices = parts.TryGetValue("devices", out var devices) ? devices.List(Device) : [],
            VirtualFunctions = parts.TryGetValue("virtualFunctions", out var functions) ? functions.List(Functions) : [],
            MediatedDevices = parts.TryGetValue("mediatedDevices", out var mediated) ? mediated.List(Mediated) : [],
            Parameters = parts.TryGetValue("parameters", out var parameters) ? parameters.List(Parameter) : [],
            Hook = parts.TryGetValue("hook", out var hook) ? Hook(hook) : null,
        };
    }

    private static DeviceState Device(HostStateElement element)
    {
        var parts = element.Object("select", "count", "driver", "when", "ensure");
        var isAbsent = IsAbsent(parts);
        Without(parts, isAbsent, "driver");
        return new(Select(Required(element, parts, "select")))
        {
            Count = parts.TryGetValue("count", out var count) ? count.Number() : 1,
            Driver = parts.TryGetValue("driver", out var driver) ? driver.Text() : PersistentBinding.DefaultDriver,
            Scope = Scope(parts),
            IsAbsent = isAbsent,
        };
    }

    private static VirtualFunctionState Functions(HostStateElement element)
    {
        var parts = element.Object("select", "count", "probeDrivers", "settings", "driver", "when");
        return new(Select(Required(element, parts, "select")), Required(element, parts, "count").Number())
        {
            ProbesDrivers = parts.TryGetValue("probeDrivers", out var probes) ? probes.Truth() : null,
            Settings = parts.TryGetValue("settings", out var settings) ? settings.List(Settings) : [],
            Driver = parts.TryGetValue("driver", out var driver) ? driver.Text() : null,
            Scope = Scope(parts),
        };
    }

    private static VirtualFunctionSettings Settings(HostStateElement element)
    {
        var parts = element.Object("index", "macAddress", "vlan", "trust", "spoofCheck");
        return new()
        {
            Index = Required(element, parts, "index").Number(),
            MacAddress = parts.TryGetValue("macAddress", out var mac) ? mac.Text() : null,
            Vlan = !parts.TryGetValue("vlan", out var vlan) ? null : VlanOf(vlan.Text()) ?? throw vlan.Fault($"'{vlan.Text()}' is not {Tag}"),
            IsTrusted = parts.TryGetValue("trust", out var trust) ? trust.Truth() : null,
            ChecksSpoofing = parts.TryGetValue("spoofCheck", out var spoof) ? spoof.Truth() : null,
        };
    }

    private static MediatedDeviceState Mediated(HostStateElement element)
    {
        var parts = element.Object("uuid", "parent", "type", "startsAtBoot", "ensure");
        var isAbsent = IsAbsent(parts);
        Without(parts, isAbsent, "parent", "type", "startsAtBoot");
        return new(Required(element, parts, "uuid").Parsed<Guid>(text => Guid.TryParseExact(text, "D", out var uuid) ? uuid : null, Uuid))
        {
            Parent = isAbsent ? null : Required(element, parts, "parent").Text(),
            Type = isAbsent ? null : Required(element, parts, "type").Text(),
            StartsAtBoot = parts.TryGetValue("startsAtBoot", out var starts) && starts.Truth(),
            IsAbsent = isAbsent,
        };
    }

    private static ParameterState Parameter(HostStateElement element)
    {
        var parts = element.Object("parameter", "ensure");
        return new(Required(element, parts, "parameter").Text()) { IsAbsent = IsAbsent(parts) };
    }

    private static HookState Hook(HostStateElement element)
    {
        var parts = element.Object("command", "allowsOnFailure", "ensure");
        var isAbsent = IsAbsent(parts);
        Without(parts, isAbsent, "command", "allowsOnFailure");
        return new()
        {
            Command = parts.TryGetValue("command", out var command) ? command.List(word => word.Text()) : [],
            AllowsOnFailure = parts.TryGetValue("allowsOnFailure", out var allows) && allows.Truth(),
            IsAbsent = isAbsent,
        };
    }

    private static DeviceSelector Select(HostStateElement element)
    {
        var parts = element.Object("address", "vendor", "device", "subsystemVendor", "subsystemDevice", "serialNumber", "class");
        return new()
        {
            Address = parts.TryGetValue("address", out var address) ? address.Parsed<PciAddress>(text => PciAddress.TryParse(text, out var known) ? known : null, Address) : null,
            VendorId = IdOf("vendor"),
            DeviceId = IdOf("device"),
            SubsystemVendorId = IdOf("subsystemVendor"),
            SubsystemDeviceId = IdOf("subsystemDevice"),
            SerialNumber = parts.TryGetValue("serialNumber", out var serial) ? serial.Parsed(SerialOf, Serial) : null,
            ClassPrefix = parts.TryGetValue("class", out var prefix) ? prefix.Text() : null,
        };

        ushort? IdOf(string name) => parts.TryGetValue(name, out var id)
            ? id.Parsed<ushort>(text => text.Length == 4 && ushort.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : null, Id)
            : null;
    }

    private static ulong? SerialOf(string text) =>
        text.Replace("-", "", StringComparison.Ordinal) is { Length: 16 } digits && ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var serial) ? serial : null;

    // The reader of saved plans passes over what it does not know; a document is written by hand.
    private static VlanTag? VlanOf(string text) => VlanTag.Parse(text) is { } tag && tag.ToString() == text ? tag : null;

    private static StateScope Scope(IReadOnlyDictionary<string, HostStateElement> parts) => !parts.TryGetValue("when", out var when) ? StateScope.NowAndAtBoot : when.Text() switch
    {
        HostStateWriter.Always => StateScope.NowAndAtBoot,
        HostStateWriter.Now => StateScope.Now,
        HostStateWriter.Boot => StateScope.AtBoot,
        var other => throw when.Fault($"'{other}' is not a time; write {HostStateWriter.Always}, {HostStateWriter.Now} or {HostStateWriter.Boot}"),
    };

    private static bool IsAbsent(IReadOnlyDictionary<string, HostStateElement> parts) => parts.TryGetValue("ensure", out var ensure) && ensure.Text() switch
    {
        HostStateWriter.Present => false,
        HostStateWriter.Absent => true,
        var other => throw ensure.Fault($"'{other}' is not a state; write {HostStateWriter.Present} or {HostStateWriter.Absent}"),
    };

    // What is to be gone has no properties; written beside it, they say that something else was meant.
    private static void Without(IReadOnlyDictionary<string, HostStateElement> parts, bool isAbsent, params string[] names)
    {
        if (isAbsent && names.FirstOrDefault(parts.ContainsKey) is { } name)
        {
            throw parts[name].Fault($"'{name}' has no meaning beside \"ensure\": \"{HostStateWriter.Absent}\"; remove one of the two");
        }
    }

    private static HostStateElement Required(HostStateElement element, IReadOnlyDictionary<string, HostStateElement> parts, string name) =>
        parts.TryGetValue(name, out var part) ? part : throw new HostStateException($"{element.Path}.{name}", value: null, $"the property '{name}' is missing; add it (see docs/desired-state.md)");
}
