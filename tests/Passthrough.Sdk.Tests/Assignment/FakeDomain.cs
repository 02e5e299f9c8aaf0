using System.Text;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Assignment;

/// <summary>A domain and its host in memory: drivers move as libvirt would move them, and any call can be made to fail.</summary>
internal sealed class FakeDomain : IAssignmentDomain, ISysfs
{
    private readonly List<string> _defined = [];
    private readonly List<string> _live = [];
    private string _note = "";

    public Dictionary<PciAddress, string?> Drivers { get; } = [];

    public HashSet<PciAddress> Overrides { get; } = [];

    public List<string> Calls { get; } = [];

    /// <summary>Called before each call with its name; throws to make it fail.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Whether the guest answers unplug requests.</summary>
    public bool GuestAnswers { get; set; } = true;

    public string Name => "vm1";

    public string Connection => "fake:///";

    public bool IsRunning { get; set; } = true;

    public bool IsPersistent { get; set; } = true;

    public void ChangeByOthers(string note) => _note = note;

    public string ReadDefinition() => Xml(_defined);

    public string ReadLive() => Xml(_live);

    public void Define(string xml)
    {
        Call(nameof(Define));
        _defined.Clear();
        _defined.AddRange(HostdevsOf(xml));
    }

    public void AddToDefinition(string deviceXml) => Do(nameof(AddToDefinition), () => _defined.Add(deviceXml));

    public void RemoveFromDefinition(string deviceXml) => Do(nameof(RemoveFromDefinition), () => _defined.Remove(deviceXml));

    public void AttachLive(string deviceXml) => Do(nameof(AttachLive), () =>
    {
        _live.Add(deviceXml);
        foreach (var device in Drivers.Keys.Where(device => deviceXml.Contains($"bus='0x{device.Bus:x2}' slot='0x{device.Slot:x2}'", StringComparison.Ordinal)).ToList())
        {
            Bind(device); // a managed device
        }
    });

    public Task DetachLiveAsync(string deviceXml, PciAddress device, TimeSpan timeout, CancellationToken cancellationToken)
    {
        Call(nameof(DetachLiveAsync));
        if (!GuestAnswers)
        {
            throw new TimeoutException();
        }

        _live.Remove(deviceXml);
        ReturnToHost(device);
        return Task.CompletedTask;
    }

    public void DetachFromHost(PciAddress device) => Do(nameof(DetachFromHost), () => Bind(device));

    public void ReturnToHost(PciAddress device) => Do(nameof(ReturnToHost), () =>
    {
        Drivers[device] = Original.GetValueOrDefault(device);
        Overrides.Remove(device);
    });

    public Dictionary<PciAddress, string?> Original { get; } = [];

    public int TryReadLink(string path, out string target)
    {
        var driver = Drivers[PciAddress.Parse(path.Split('/')[^2])];
        target = driver is null ? "" : $"../../../bus/pci/drivers/{driver}";
        return driver is null ? Errno.NotFound : Errno.Success;
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        var text = Overrides.Contains(PciAddress.Parse(path.Split('/')[^2])) ? "vfio-pci\n" : "(null)\n";
        length = Encoding.UTF8.GetBytes(text, buffer);
        return Errno.Success;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        content = [];
        return Errno.NotFound;
    }

    public int TryStatus(string path, out FileStatus status)
    {
        status = default;
        return Errno.NotFound;
    }

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        cursor = null;
        return Errno.NotFound;
    }

    public int TryList(string path, ICollection<string> names) => Errno.NotFound;

    public int TryWrite(string path, ReadOnlySpan<byte> content) => Errno.NotPermitted;

    private static IEnumerable<string> HostdevsOf(string xml)
    {
        for (var start = xml.IndexOf("<hostdev", StringComparison.Ordinal); start >= 0; start = xml.IndexOf("<hostdev", start + 1, StringComparison.Ordinal))
        {
            yield return xml[start..(xml.IndexOf("</hostdev>", start, StringComparison.Ordinal) + "</hostdev>".Length)];
        }
    }

    private string Xml(IEnumerable<string> hostdevs) =>
        $"<domain type='qemu'>\n  <name>vm1</name>{_note}\n  <devices>\n{string.Concat(hostdevs.Select(h => $"    {h}\n"))}  </devices>\n</domain>\n";

    private void Bind(PciAddress device)
    {
        Original.TryAdd(device, Drivers[device]);
        Drivers[device] = "vfio-pci";
        Overrides.Add(device);
    }

    private void Do(string call, Action act)
    {
        Call(call);
        act();
    }

    private void Call(string call)
    {
        Before(call);
        Calls.Add(call);
    }
}
