using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Json;

/// <summary>Prints events when they happen, one line each; several streams may write concurrently.</summary>
internal sealed class EventOut(bool json)
{
    private readonly Lock _gate = new();
    private readonly Stream _stdout = Console.OpenStandardOutput();

    /// <param name="subject"><c>watch</c>, <c>device</c> or <c>domain</c>.</param>
    /// <param name="happened">The event, as the library names it.</param>
    /// <param name="device">The function; null if the event concerns none.</param>
    /// <param name="driver">The driver that the kernel named.</param>
    /// <param name="domain">The domain; null if the event concerns none.</param>
    /// <param name="alias">The device's alias in the domain.</param>
    public void Write(string subject, string happened, PciAddress? device = null, string? driver = null, string? domain = null, string? alias = null)
    {
        var line = new ArrayBufferWriter<byte>();
        var time = DateTimeOffset.UtcNow;
        if (json)
        {
            using var writer = new Utf8JsonWriter(line);
            writer.WriteStartObject();
            writer.WriteString("time", time);
            writer.WriteString("subject", subject);
            writer.WriteString("event", JsonNamingPolicy.CamelCase.ConvertName(happened));
            writer.WriteAddress("device", device);
            writer.WriteString("driver", driver);
            writer.WriteString("domain", domain);
            writer.WriteString("alias", alias);
            writer.WriteEndObject();
        }
        else
        {
            var word = JsonNamingPolicy.KebabCaseLower.ConvertName(happened).Replace('-', ' ');
            var who = device?.ToString() ?? domain;
            line.Write(System.Text.Encoding.UTF8.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{time:HH:mm:ss} {subject}{(who is null ? "" : " " + who)} {word}{(driver is null ? "" : $" ({driver})")}{(alias is null ? "" : $" {alias}")}")));
        }

        line.Write("\n"u8);
        lock (_gate)
        {
            _stdout.Write(line.WrittenSpan);
            _stdout.Flush();
        }
    }
}
