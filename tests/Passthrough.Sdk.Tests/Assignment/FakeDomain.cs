using System.Text;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Assignment;

/// <summary>A domain and its host in memory: drivers move as libvirt would move them, and any call can be made to fail.</summary>
internal sealed class FakeDomain : IAssignmentDomain, ISysfs
{
    private readonly List<string> _defined = [];
    private readonly List<string> _live = [];
    private readonly HashSet<PciAddress> _taken = [];
    private string _note = "";

    public Dictionary<PciAddress, string?> Drivers { get; } = [];

    /// <summary>What <c>driver_override</c> of a device holds.</summary>
    public Dictionary<PciAddress, string> Overrides { get; } = [];

    /// <summary>What Xen's pciback lists.</summary>
    public HashSet<PciAddress> Slots { get; } = [];

    /// <summary>Devices that the kernel does not have any more.</summary>
    public HashSet<PciAddress> Gone { get; } = [];

    /// <summary>The process that has the VFIO groups open; null for none.</summary>
    public string? Holder { get; set; }

    /// <summary>Every write to the kernel's files, as <c>path=content</c>.</summary>
    public List<string> Writes { get; } = [];

    public List<string> Calls { get; } = [];

    /// <summary>Called before each call with its name; throws to make it fail.</summary>
    public Action<string> Before { get; set; } = _ => { };

    /// <summary>Whether the guest answers unplug requests.</summary>
    public bool GuestAnswers { get; set; } = true;

    public string Name => "vm1";

    public Guid? Uuid => null;

    public string Connection => "fake:///";

    /// <summary>The running domain that has every device; null for none.</summary>
    public string? Owner { get; set; }

    /// <summary>What the kernel answers when the descriptors of the process are asked for; 0: they are there.</summary>
    public int HolderErrno { get; set; }

    /// <summary>What reading a descriptor of a process ends with.</summary>
    public int LinkErrno { get; set; }

    /// <summary>What the kernel answers when a device is looked for; 0: by its being there.</summary>
    public int StatusErrno { get; set; }

    /// <summary>The class of every device; another one is another device.</summary>
    public string Class { get; set; } = "0x020000";

    /// <summary>Whether libvirt gives a managed device back when the guest has let go of it.</summary>
    public bool GivesBack { get; set; } = true;

    /// <summary>Whether what others ask libvirt to do to the definition changes nothing.</summary>
    public bool KeepsDefinition { get; set; }

    /// <summary>Called when the override of a device is written back, which a release does last.</summary>
    public Action AfterLastStep { get; set; } = () => { };

    /// <summary>The guest starts again from its definition, after a reboot.</summary>
    public void StartAfresh()
    {
        _live.Clear();
        _taken.Clear();
    }

    public string? OwnerOf(PciAddress device) => Owner;

    public bool IsRunning { get; set; } = true;

    public bool IsPersistent { get; set; } = true;

    public void ChangeByOthers(string note) => _note = note;

    public string ReadDefinition() => Xml(_defined, AcceptedFindings.Write(Accepted)?.Replace("<accepted>", $"<accepted xmlns='{AcceptedFindings.NamespaceUri}'>", StringComparison.Ordinal));

    public string ReadLive() => Xml(Channel is null ? _live : [.. _live, Channel], null);

    /// <summary>The element of the channel to the agent in the guest; null for none.</summary>
    public string? Channel { get; set; }

    /// <summary>The agent in the guest.</summary>
    public Func<string, int, string> Agent { get; set; } = (command, _) => throw new InvalidOperationException($"the agent was asked: {command}");

    public string AskGuest(string command, int timeoutSeconds) => Agent(command, timeoutSeconds);

    public void Define(string xml)
    {
        Call(nameof(Define));
        _defined.Clear();
        _defined.AddRange(HostdevsOf(xml));
        Accepted = AcceptedFindings.Read(xml);
    }

    public void AddToDefinition(string deviceXml) => Do(nameof(AddToDefinition), () => _defined.Add(deviceXml));

    public void RemoveFromDefinition(string deviceXml) => Do(nameof(RemoveFromDefinition), () =>
    {
        if (!KeepsDefinition)
        {
            _defined.Remove(deviceXml);
        }
    });

    public void SetAccepted(ValueList<string> ids) => Do(nameof(SetAccepted), () => Accepted = ids);

    /// <summary>The ids that are accepted for the domain's starts.</summary>
    public ValueList<string> Accepted { get; private set; } = [];

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
        if (GivesBack && _taken.Contains(device))
        {
            GiveBack(device); // a managed device
        }

        return Task.CompletedTask;
    }

    public void WaitForEarlierChanges() => Call(nameof(WaitForEarlierChanges));

    public void DetachFromHost(PciAddress device) => Do(nameof(DetachFromHost), () => Bind(device));

    // As libvirt does: the override is cleared, whoever set it.
    public void ReturnToHost(PciAddress device) => Do(nameof(ReturnToHost), () => GiveBack(device));

    /// <summary>The driver that the kernel binds by itself.</summary>
    public Dictionary<PciAddress, string?> Original { get; } = [];

    public int TryReadLink(string path, out string target)
    {
        target = "";
        if (path.StartsWith("/proc/", StringComparison.Ordinal))
        {
            target = "/dev/vfio/7";
            return LinkErrno != 0 ? LinkErrno : Holder is null ? Errno.NotFound : Errno.Success;
        }

        if (path.EndsWith("/iommu_group", StringComparison.Ordinal))
        {
            target = "../../../kernel/iommu_groups/7";
            return Errno.Success;
        }

        var driver = Drivers[PciAddress.Parse(path.Split('/')[^2])];
        target = driver is null ? "" : $"../../../bus/pci/drivers/{driver}";
        return driver is null ? Errno.NotFound : Errno.Success;
    }

    public int TryRead(string path, Span<byte> buffer, out int length)
    {
        var text = path.EndsWith("/driver_override", StringComparison.Ordinal)
            ? Overrides.GetValueOrDefault(PciAddress.Parse(path.Split('/')[^2]), "(null)")
            : path.EndsWith("/pciback/slots", StringComparison.Ordinal) ? string.Join('\n', Slots)
            : path.EndsWith("/class", StringComparison.Ordinal) ? Class : "0x1";
        length = Encoding.UTF8.GetBytes(text + "\n", buffer);
        return Errno.Success;
    }

    public int TryReadAll(string path, int limit, out byte[] content)
    {
        content = path switch
        {
            "/proc/sys/kernel/random/boot_id" => Encoding.UTF8.GetBytes(BootId),
            _ when path.EndsWith("/comm", StringComparison.Ordinal) => Encoding.UTF8.GetBytes(Holder ?? ""),
            _ => [],
        };
        return content.Length > 0 ? Errno.Success : Errno.NotFound;
    }

    /// <summary>Another one after a reboot.</summary>
    public string BootId { get; set; } = "boot-1";

    public int TryStatus(string path, out FileStatus status)
    {
        status = default;
        return StatusErrno != 0 ? StatusErrno : PciAddress.TryParse(path.Split('/')[^1], out var device) && Drivers.ContainsKey(device) && !Gone.Contains(device) ? Errno.Success : Errno.NotFound;
    }

    public int TryOpenCursor(string path, out ISysfsCursor? cursor)
    {
        cursor = null;
        return Errno.NotFound;
    }

    public int TryList(string path, ICollection<string> names)
    {
        switch (path)
        {
            case "/proc":
                names.Add("4711");
                return Errno.Success;
            case "/proc/4711/fd":
                names.Add("3");
                return HolderErrno;
            default:
                return Errno.NotFound;
        }
    }

    // The kernel's side of a driver change.
    public int TryWrite(string path, ReadOnlySpan<byte> content)
    {
        var text = Encoding.UTF8.GetString(content);
        Writes.Add($"{path}={text.Trim()}");
        if (path.EndsWith("/driver_override", StringComparison.Ordinal))
        {
            var device = PciAddress.Parse(path.Split('/')[^2]);
            if (text.Trim().Length == 0)
            {
                Overrides.Remove(device);
            }
            else
            {
                Overrides[device] = text.Trim();
                AfterLastStep();
            }
        }
        else if (path.EndsWith("/unbind", StringComparison.Ordinal))
        {
            Drivers[PciAddress.Parse(text)] = null;
        }
        else if (path.EndsWith("/drivers_probe", StringComparison.Ordinal))
        {
            var device = PciAddress.Parse(text);
            Drivers[device] = Overrides.GetValueOrDefault(device) ?? Original.GetValueOrDefault(device);
        }
        else if (path.EndsWith("/remove_slot", StringComparison.Ordinal))
        {
            return Slots.Remove(PciAddress.Parse(text)) ? Errno.Success : Errno.NotFound;
        }
        else
        {
            return Errno.NotFound;
        }

        return Errno.Success;
    }

    private static IEnumerable<string> HostdevsOf(string xml)
    {
        for (var start = xml.IndexOf("<hostdev", StringComparison.Ordinal); start >= 0; start = xml.IndexOf("<hostdev", start + 1, StringComparison.Ordinal))
        {
            yield return xml[start..(xml.IndexOf("</hostdev>", start, StringComparison.Ordinal) + "</hostdev>".Length)];
        }
    }

    private string Xml(IEnumerable<string> hostdevs, string? accepted) =>
        $"<domain type='qemu'>\n  <name>vm1</name>{_note}{(accepted is null ? "" : $"<metadata>{accepted}</metadata>")}\n  <devices>\n{string.Concat(hostdevs.Select(h => $"    {h}\n"))}  </devices>\n</domain>\n";

    // libvirt leaves a device alone that is on vfio-pci already.
    private void Bind(PciAddress device)
    {
        if (Drivers[device] != "vfio-pci")
        {
            Original.TryAdd(device, Drivers[device]);
            Drivers[device] = "vfio-pci";
            Overrides[device] = "vfio-pci";
            _taken.Add(device);
        }
    }

    private void GiveBack(PciAddress device)
    {
        Overrides.Remove(device);
        Drivers[device] = Original.GetValueOrDefault(device);
        _taken.Remove(device);
    }

    private void Do(string call, Action act)
    {
        Call(call);
        act();
    }

    private void Call(string call)
    {
        Before(call);
        lock (Calls)
        {
            Calls.Add(call);
        }
    }
}
