using System.Text.Json;
using Passthrough.Sdk.Persistence;

namespace Passthrough.Cli.Json;

/// <summary>The JSON of <c>passthrough persist list</c>.</summary>
internal static class PersistenceJson
{
    public static void Write(Utf8JsonWriter json, IEnumerable<PersistenceCheck> checks)
    {
        json.WriteStartArray();
        foreach (var check in checks)
        {
            var device = check.Device;
            json.WriteStartObject();
            json.WriteAddress("address", device.Address);
            json.WriteString("driver", device.Driver);
            json.WriteNumberOrNull("virtualFunctions", device.VirtualFunctionCount);
            json.WriteString("state", NameOf(check.State));
            json.WriteString("currentDriver", check.Now?.Driver);
            json.WriteAddresses("foundAt", check.FoundAt);
            json.WriteString("identity", device.Identity?.ToString());
            json.WriteString("path", device.Device?.Path);
            json.WriteString("origin", device.Origin.ToString().ToLowerInvariant());
            json.WriteString("file", device.File);
            json.WriteBoolean("edited", device.IsEdited);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string? NameOf(PersistenceState state) => state switch
    {
        PersistenceState.InEffect => "inEffect",
        PersistenceState.NotInEffect => "notInEffect",
        PersistenceState.Absent => "absent",
        PersistenceState.OtherDevice => "otherDevice",
        _ => null,
    };
}
