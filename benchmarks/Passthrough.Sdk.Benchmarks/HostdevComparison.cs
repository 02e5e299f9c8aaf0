using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;

#pragma warning disable CA5369 // The texts are our own: there is no DTD in them.
using System.Diagnostics;
using System.Globalization;
using System.Xml.Linq;
using System.Xml.Serialization;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>Reading and writing host devices beside XmlSerializer and XDocument, turn and turn about in one run, so that noise hits all alike.</summary>
internal static class HostdevComparison
{
    private const int Rounds = 31;

    /// <summary>Measures all four jobs, warm.</summary>
    public static void Run()
    {
        var domain = HostdevTexts.Domain(60);
        var (one, many) = (new XmlSerializer(typeof(SerializedHostdev)), new XmlSerializer(typeof(SerializedDomain)));
        var (device, document, element) = (HostDevice.Parse(HostdevTexts.One), DomainDocument.Parse(domain), XElement.Parse(HostdevTexts.One));
        var (serialized, serializedDomain, elements) = ((SerializedHostdev)one.Deserialize(new StringReader(HostdevTexts.One))!, (SerializedDomain)many.Deserialize(new StringReader(domain))!, XElement.Parse(domain));
        Job($"read one <hostdev> ({HostdevTexts.One.Length} characters)", 2000, () => HostDevice.Parse(HostdevTexts.One), () => one.Deserialize(new StringReader(HostdevTexts.One)), () => XDocument.Parse(HostdevTexts.One));
        Job($"read a domain of 60 ({domain.Length} characters)", 100, () => DomainDocument.Parse(domain), () => many.Deserialize(new StringReader(domain)), () => XDocument.Parse(domain));
        Job("write one", 2000, device.ToXml, () => Text(one, serialized), element.ToString);
        Job(
            "write 60",
            100,
            () => PassthroughDevice.ToXml(document.HostDevices),
            () => Text(many, serializedDomain),
            elements.ToString);
    }

    private static string Text(XmlSerializer serializer, object value)
    {
        using var text = new StringWriter();
        serializer.Serialize(text, value);
        return text.ToString();
    }

    private static void Job(string name, int times, params Func<object?>[] rivals)
    {
        var samples = rivals.Select(_ => new List<double>()).ToList();
        for (var round = -40; round < Rounds; round++)
        {
            for (var i = 0; i < rivals.Length; i++)
            {
                var start = Stopwatch.GetTimestamp();
                for (var n = 0; n < times; n++)
                {
                    rivals[i]();
                }

                if (round >= 0)
                {
                    samples[i].Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds / times);
                }
            }
        }

        var bytes = rivals.Select(rival =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            rival();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }).ToList();
        var best = samples.Select(s => s.Min()).ToList();
        Console.WriteLine($"{name}; best of {Rounds}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  ours           {best[0],9:f2} us {bytes[0],9} bytes"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  XmlSerializer  {best[1],9:f2} us {bytes[1],9} bytes   {best[1] / best[0]:f2} x our time"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  XDocument      {best[2],9:f2} us {bytes[2],9} bytes   {(double)bytes[0] / bytes[2]:f2} of its bytes are ours"));
    }
}
