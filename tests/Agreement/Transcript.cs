using System.Globalization;
using System.Text;
using System.Xml.Linq;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Agreement;

/// <summary>
/// What a host did, step by step, as text. The transcripts in this folder are those of the lab's host; the fake one must write the
/// same, and so must the lab's at every run. A folder in it has those of another platform (boot --platform) that differ there.
/// </summary>
internal sealed class Transcript(Stage stage, string name)
{
    private const string Devices = "/sys/bus/pci/devices/";

    private readonly StringBuilder _text = new();

    public void Say(string line) => _text.Append(line).Append('\n');

    /// <summary>Writes to a file of the kernel, and notes its answer.</summary>
    public void Write(string path, string text)
    {
        var errno = stage.Write(path, text);
        stage.Settle();
        Say($"echo '{text}' > {path}: {(errno == 0 ? "ok" : Errno.Describe(errno))}");
    }

    public void WriteTo(string device, string attribute, string text) => Write($"{Devices}{device}/{attribute}", text);

    /// <summary>Notes what the kernel shows of functions.</summary>
    public void State(params ReadOnlySpan<string> devices)
    {
        foreach (var device in devices)
        {
            if (stage.Files.TryReadLink(Devices + device, out _) != 0)
            {
                Say($"  {device} does not exist");
                continue;
            }

            Say($"  {device}: driver {Link(device, "driver")}, driver_override {Read(device, "driver_override")}, enable {Read(device, "enable")}, "
                + $"interfaces {Count(device, "net")}, group of {string.Join(' ', Names($"{Devices}{device}/iommu_group/devices"))}, {Uevent(device)}");
        }
    }

    /// <summary>Notes the content of a file, without the line end; the kind of error if it cannot be read.</summary>
    public void File(string path) => Say($"  {path}: {Read(path)}");

    /// <summary>Notes the names in a directory.</summary>
    public void Directory(string path) => Say($"  {path}: {string.Join(' ', Names(path))}");

    /// <summary>Notes where a link points, by the last name of the target.</summary>
    public void LinkOf(string path) => Say($"  {path} -> {(stage.Files.TryReadLink(path, out var target) is var errno && errno == 0 ? Path.GetFileName(target) : Errno.Describe(errno))}");

    /// <summary>Does something, and notes whether it was possible, or libvirt's code.</summary>
    public void Try(string what, Action act)
    {
        try
        {
            act();
            Say($"{what}: ok");
        }
        catch (LibvirtException e)
        {
            Say($"{what}: {e.Code}");
        }

        stage.Settle();
    }

    /// <summary>Makes a plan, applies it, and notes its findings, its steps and how they went.</summary>
    public async Task Apply(string what, Func<Plan> make, CancellationToken cancellation)
    {
        Plan plan;
        try
        {
            plan = make();
        }
        catch (PassthroughException e)
        {
            Say($"{what}: {e.GetType().Name}");
            return;
        }

        Say($"{what}: {(plan.IsRefused ? "refused" : "not refused")}");
        foreach (var finding in plan.Findings.Select(finding => $"{finding.Id} ({finding.Severity})").Distinct().Order(StringComparer.Ordinal))
        {
            Say($"  finding {finding}");
        }

        foreach (var step in plan.Steps)
        {
            Say($"  step {step.Kind}");
        }

        try
        {
            await plan.ApplyAsync(new Listener(progress => Say($"  {progress.Step.Kind}: {progress.State}")), cancellation);
            Say("  applied");
        }
        catch (PassthroughException e)
        {
            Say($"  {e.GetType().Name}");
        }

        stage.Settle();
    }

    /// <summary>Notes the host devices of a domain, as its XML has them.</summary>
    public void DevicesOf(ILibvirtDomain domain)
    {
        Say($"  {domain.Name}: {domain.GetState()}{(domain.IsPersistent() ? "" : ", transient")}");
        if (domain.IsActive())
        {
            Hostdevs("live", domain.GetXml());
        }

        if (domain.IsPersistent())
        {
            Hostdevs("definition", domain.GetXml(DomainXmlOptions.Inactive));
        }
    }

    /// <summary>Compares with what the lab's host did.</summary>
    public void End()
    {
        var said = _text.ToString();
        stage.Keep(name, said);
        var path = Repository.PathOf($"tests/Agreement/transcripts/{stage.Platform}/{name}.txt");
        path = System.IO.File.Exists(path) ? path : Repository.PathOf($"tests/Agreement/transcripts/{name}.txt");
        var expected = System.IO.File.Exists(path) ? System.IO.File.ReadAllText(path) : "";
        Assert.True(expected == said, $"{path}\n{Difference(expected.Split('\n'), said.Split('\n'))}");
    }

    // The steps are the same on both, so a line that differs is a different answer to the same step.
    private static string Difference(string[] expected, string[] said) => string.Join('\n', Enumerable.Range(0, Math.Max(expected.Length, said.Length))
        .Where(i => expected.ElementAtOrDefault(i) != said.ElementAtOrDefault(i))
        .Select(i => $"{i + 1}: real {expected.ElementAtOrDefault(i)}\n{i + 1}: here {said.ElementAtOrDefault(i)}"));

    private void Hostdevs(string where, string xml)
    {
        foreach (var device in XElement.Parse(xml).Element("devices")!.Elements("hostdev"))
        {
            var source = device.Element("source")!.Element("address")!;
            var guest = device.Element("address");
            Say($"  {where} has {Address(source)}, managed {(string?)device.Attribute("managed")}, alias {(string?)device.Element("alias")?.Attribute("name") ?? "none"}, at {(guest is null ? "no address" : Address(guest))}");
        }
    }

    private static string Address(XElement address) => string.Create(
        CultureInfo.InvariantCulture, $"{Number(address, "domain"):x4}:{Number(address, "bus"):x2}:{Number(address, "slot"):x2}.{Number(address, "function"):x}");

    private static int Number(XElement address, string attribute) => Convert.ToInt32((string?)address.Attribute(attribute) ?? "0x0", 16);

    private string Read(string device, string attribute) => Read($"{Devices}{device}/{attribute}");

    private string Read(string path) =>
        stage.Files.TryReadAll(path, 4096, out var content) is var errno && errno == 0 ? Encoding.UTF8.GetString(content).TrimEnd('\n') : Errno.Describe(errno);

    private string Link(string device, string link) => stage.Files.TryReadLink($"{Devices}{device}/{link}", out var target) == 0 ? Path.GetFileName(target) : "none";

    private string Uevent(string device) => Read(device, "uevent").Split('\n').FirstOrDefault(line => line.StartsWith("DRIVER=", StringComparison.Ordinal)) ?? "no DRIVER in uevent";

    private int Count(string device, string directory) => Names($"{Devices}{device}/{directory}").Count;

    private List<string> Names(string path)
    {
        List<string> names = [];
        stage.Files.TryList(path, names);
        names.Sort(StringComparer.Ordinal);
        return names;
    }

    private sealed class Listener(Action<PlanProgress> report) : IProgress<PlanProgress>
    {
        public void Report(PlanProgress value) => report(value);
    }
}
