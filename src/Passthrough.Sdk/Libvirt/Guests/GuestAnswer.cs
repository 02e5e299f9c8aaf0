using System.Text.Json;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>Takes values out of an answer of a guest's agent, which may be anything.</summary>
internal static class GuestAnswer
{
    /// <summary>Returns a value, or null if the answer is not an object or does not contain it.</summary>
    /// <exception cref="PassthroughException">A name in the answer is not a text.</exception>
    public static JsonElement? Find(JsonElement answer, string name) =>
        answer.ValueKind == JsonValueKind.Object ? Understood<JsonElement?>(() => answer.TryGetProperty(name, out var value) ? value : null) : null;

    /// <summary>Returns a text, or null if the answer does not contain it.</summary>
    /// <exception cref="PassthroughException">It contains half of a surrogate pair.</exception>
    public static string? Text(JsonElement answer, string name) =>
        Find(answer, name) is { ValueKind: JsonValueKind.String } value ? Understood(value.GetString) : null;

    /// <summary>Returns a number, or null if the answer does not contain it.</summary>
    public static long? Number(JsonElement answer, string name) =>
        Find(answer, name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>Returns a PCI id, or null if the answer does not contain it.</summary>
    public static ushort? Id(JsonElement answer, string name) => Number(answer, name) is >= 0 and <= ushort.MaxValue and var number ? (ushort)number : null;

    /// <summary>Returns whether a value is true.</summary>
    public static bool IsTrue(JsonElement answer, string name) =>
        Find(answer, name) is { ValueKind: JsonValueKind.True };

    /// <summary>Returns bytes, which the agent writes in base64; none if there are none.</summary>
    /// <exception cref="PassthroughException">They are not base64.</exception>
    public static byte[] Bytes(JsonElement answer, string name, string command)
    {
        try
        {
            return Text(answer, name) is { } text ? Convert.FromBase64String(text) : [];
        }
        catch (FormatException e)
        {
            throw new PassthroughException($"the guest agent's answer to {command} is not base64", e);
        }
    }

    // JSON can escape half of a surrogate pair, which is not a character. It is noticed only when the value is read.
    private static T Understood<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException e)
        {
            throw new PassthroughException("the guest agent's answer contains half of a surrogate pair, which is not a character", e);
        }
    }
}
