using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Passthrough.Sdk.DesiredState;

/// <summary>Writes a document. What has its default value is left out.</summary>
internal static class HostStateWriter
{
    public const string Always = "always";
    public const string Now = "now";
    public const string Boot = "boot";
    public const string Present = "present";
    public const string Absent = "absent";

    public static string Write(HostState state)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("version", HostState.CurrentVersion);
            List(json, "devices", state.Devices, Write);
            List(json, "virtualFunctions", state.VirtualFunctions, Write);
            List(json, "mediatedDevices", state.MediatedDevices, Write);
            List(json, "parameters", state.Parameters, Write);
            if (state.Hook is { } hook)
            {
                Write(json, hook);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static void Write(Utf8JsonWriter json, DeviceState item)
    {
        Write(json, item.Select);
        if (item.Count != 1)
        {
            json.WriteNumber("count", item.Count);
        }

        Text(json, "driver", item.IsAbsent ? null : item.Driver);
        Write(json, item.Scope);
        Ensure(json, item.IsAbsent);
    }

    private static void Write(Utf8JsonWriter json, VirtualFunctionState item)
    {
        Write(json, item.Select);
        json.WriteNumber("count", item.Count);
        Truth(json, "probeDrivers", item.ProbesDrivers);
        List(json, "settings", item.Settings, static (writer, settings) =>
        {
            writer.WriteNumber("index", settings.Index);
            Text(writer, "macAddress", settings.MacAddress);
            Text(writer, "vlan", settings.Vlan?.ToString());
            Truth(writer, "trust", settings.IsTrusted);
            Truth(writer, "spoofCheck", settings.ChecksSpoofing);
        });
        Text(json, "driver", item.Driver);
        Write(json, item.Scope);
    }

    private static void Write(Utf8JsonWriter json, MediatedDeviceState item)
    {
        json.WriteString("uuid", item.Uuid.ToString("D"));
        if (!item.IsAbsent)
        {
            Text(json, "parent", item.Parent);
            Text(json, "type", item.Type);
            json.WriteBoolean("startsAtBoot", item.StartsAtBoot);
        }

        Ensure(json, item.IsAbsent);
    }

    private static void Write(Utf8JsonWriter json, ParameterState item)
    {
        json.WriteString("parameter", item.Parameter);
        Ensure(json, item.IsAbsent);
    }

    private static void Write(Utf8JsonWriter json, HookState hook)
    {
        json.WriteStartObject("hook");
        if (!hook.IsAbsent)
        {
            if (!hook.Command.IsEmpty)
            {
                json.WriteStartArray("command");
                foreach (var word in hook.Command)
                {
                    json.WriteStringValue(word);
                }

                json.WriteEndArray();
            }

            json.WriteBoolean("allowsOnFailure", hook.AllowsOnFailure);
        }

        Ensure(json, hook.IsAbsent);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DeviceSelector select)
    {
        json.WriteStartObject("select");
        Text(json, "address", select.Address?.ToString());
        Text(json, "vendor", Hex(select.VendorId));
        Text(json, "device", Hex(select.DeviceId));
        Text(json, "subsystemVendor", Hex(select.SubsystemVendorId));
        Text(json, "subsystemDevice", Hex(select.SubsystemDeviceId));
        Text(json, "serialNumber", select.SerialNumber?.ToString("x16", CultureInfo.InvariantCulture));
        Text(json, "class", select.ClassPrefix);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StateScope scope)
    {
        if (scope != StateScope.NowAndAtBoot)
        {
            json.WriteString("when", scope == StateScope.Now ? Now : Boot);
        }
    }

    private static void List<T>(Utf8JsonWriter json, string name, Facts.ValueList<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Ensure(Utf8JsonWriter json, bool isAbsent) => Text(json, "ensure", isAbsent ? Absent : null);

    private static void Text(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static void Truth(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } known)
        {
            json.WriteBoolean(name, known);
        }
    }

    private static string? Hex(ushort? id) => id?.ToString("x4", CultureInfo.InvariantCulture);
}
