using Passthrough.Sdk.Benchmarks;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

#pragma warning disable CA5369 // The texts are our own: there is no DTD in them.
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using System.Runtime.CompilerServices;
using System.Xml.Serialization;

// The first read of a process, with the loading of what reads: elapsed and processor time in microseconds, and the methods
// that were compiled for it. Each reader has a method of its own, so that none is loaded before the clock runs.
var (who, what) = args is [var first, var second] ? (first, second) : throw new ArgumentException("ours|serializer one|domain|names");
var text = what is "domain" ? HostdevTexts.Domain(60) : HostdevTexts.One;
var methods = JitInfo.GetCompiledMethodCount();
var processor = Environment.CpuUsage.TotalTime;
var start = Stopwatch.GetTimestamp();
var read = (who, what) switch
{
    ("serializer", "one") => SerializedOne(text),
    ("serializer", "domain") => SerializedDomain(text),
    ("ours", "one") => One(text),
    ("ours", "domain") => Domain(text),
    ("ours", "names") => Names(),
    _ => throw new ArgumentException($"{who} reads no {what}"),
};
var elapsed = Stopwatch.GetElapsedTime(start);
processor = Environment.CpuUsage.TotalTime - processor;
methods = JitInfo.GetCompiledMethodCount() - methods;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMicroseconds:f0} {processor.TotalMicroseconds:f0} {methods} {read}"));

[MethodImpl(MethodImplOptions.NoInlining)]
static int One(string text) => HostDevice.Parse(text) is PciHostDevice { Managed: true } ? 1 : 0;

[MethodImpl(MethodImplOptions.NoInlining)]
static int Domain(string text) => DomainDocument.Parse(text).HostDevices.Count;

[MethodImpl(MethodImplOptions.NoInlining)]
static int SerializedOne(string text) =>
    ((SerializedHostdev)new XmlSerializer(typeof(SerializedHostdev)).Deserialize(new StringReader(text))!).Managed is "yes" ? 1 : 0;

[MethodImpl(MethodImplOptions.NoInlining)]
static int SerializedDomain(string text) =>
    ((SerializedDomain)new XmlSerializer(typeof(SerializedDomain)).Deserialize(new StringReader(text))!).Devices!.Length;

// 64 devices: eight of each of eight vendors. Whether an id has a name is of no matter: what has none is searched for longest.
[MethodImpl(MethodImplOptions.NoInlining)]
static int Names()
{
    var names = PciIdDatabase.Load();
    ReadOnlySpan<ushort> vendors = [0x8086, 0x10de, 0x1002, 0x15b3, 0x14e4, 0x1af4, 0x1b36, 0x144d];
    var characters = 0;
    for (var i = 0; i < 64; i++)
    {
        var (vendor, device) = (vendors[i % 8], (ushort)(0x1000 + (i / 8)));
        characters += (names.FindVendor(vendor)?.Length ?? 0) + (names.FindDevice(vendor, device)?.Length ?? 0);
    }

    return characters;
}
