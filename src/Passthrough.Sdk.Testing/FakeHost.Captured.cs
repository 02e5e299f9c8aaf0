using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Archive;
using Passthrough.Sdk.Host.Usage.Networks;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing.Trees;

namespace Passthrough.Sdk.Testing;

/// <content>Captured hosts.</content>
public sealed partial class FakeHost
{
    // What a driver makes is gone while it is not bound: directories of the device, and the links of the classes to them.
    private readonly Dictionary<PciAddress, List<FakeEntry>> _hidden = [];
    private readonly bool _isCaptured;

    /// <summary>Copies a captured host into memory, as one that can be changed and that plans and acts (<see cref="Open"/>). The archive is not changed.</summary>
    /// <param name="path">An archive (from <see cref="IPassthroughHost.CaptureTo"/> or <c>passthrough capture</c>, or any tar or tar.gz of a host's files).</param>
    /// <remarks>
    /// What the archive does not contain is unknown or does not exist, as for <see cref="PassthroughHost.At"/>. A function that has a driver of the host returns to
    /// that driver; one that was captured without it, or bound to a driver for guests, has none to return to. While a function is without its driver, what the driver made is
    /// gone: network interfaces, disks and so on. Which programs run is not in an archive: on the copy, none has a device open.
    /// </remarks>
    /// <exception cref="HostSourceException">The file does not exist, cannot be read, or is not an archive.</exception>
    public static FakeHost FromArchive(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return HostSources.Read(path) is TreeSysfs captured
            ? new(captured)
            : throw new HostSourceException(path, "it is the output of lspci, which describes devices and not a host that can act; use an archive");
    }

    /// <summary>Copies a captured host into memory.</summary>
    /// <param name="name">Its name, for errors.</param>
    /// <param name="archive">The archive.</param>
    internal static FakeHost FromArchive(string name, Stream archive)
    {
        using var content = new MemoryStream();
        archive.CopyTo(content);
        content.Position = 0;
        return new(HostArchiveReader.Read(name, content));
    }

    private FakeHost(TreeSysfs captured)
    {
        _isCaptured = true;
        _store = FakeTree.Copy(captured, _files);
        const string Bus = "/sys/bus/pci/devices";
        foreach (var name in NamesIn(Bus))
        {
            if (PciAddress.TryParse(name, out var device) && TargetOf($"{Bus}/{name}") is { } path && HasDirectory(path))
            {
                _devices.Add(device, path);
                if (DriverOf(device) is { } driver && !HostDrivers.IsForGuests(driver))
                {
                    _natural.Add(device, driver);
                }
            }
        }

        foreach (var name in NamesIn(MediatedParents))
        {
            _mediatedParents.Add(name, TargetOf($"{MediatedParents}/{name}")!);
        }

        FindInterfaces();
    }

    /// <summary>Whether somebody can have a device open. An archive does not list programs; a copy of it runs none.</summary>
    internal bool RunsPrograms => !_isCaptured || _store.Sysfs.TryList("/proc", []) == Errno.Success;

    // Where a link leads, as far as its text says.
    private string? TargetOf(string link) => LinkTarget(link) switch
    {
        null => Exists(link) ? link : null,
        ['/', ..] target => HostPath.Resolve(target),
        var target => HostPath.Resolve($"{HostPath.DirectoryOf(link)}/{target}"),
    };

    private void FindInterfaces()
    {
        var state = NetworkStateText.TryParse(Exists(Networks) ? ReadText(Networks) : "", out var parsed) ? parsed : null;
        foreach (var name in NamesIn("/sys/class/net"))
        {
            if (TargetOf($"/sys/class/net/{name}") is not { } path || OwnerOf(path) is not { } device || !Exists($"{path}/ifindex"))
            {
                continue;
            }

            var index = NumberOf(path, "ifindex");
            var isUp = Exists($"{path}/operstate") && ReadText($"{path}/operstate").Trim() == "up";
            _interfaces.TryAdd(device, new(name, index, null, isUp));
            var functions = state?.Own.Links.FirstOrDefault(link => link.Index == index)?.VirtualFunctions;
            foreach (var function in functions is { IsKnown: true } known ? known.Value : [])
            {
                _functions[(device, function.Index)] = function with { MacAddress = function.MacAddress ?? NoMac };
            }
        }
    }

    private PciAddress? OwnerOf(string path)
    {
        foreach (var name in path.Split('/').Reverse())
        {
            if (PciAddress.TryParse(name, out var device) && _devices.TryGetValue(device, out var directory) && path.StartsWith($"{directory}/", StringComparison.Ordinal))
            {
                return device;
            }
        }

        return null;
    }

    private void Hide(PciAddress device)
    {
        var path = DevicePath(device.ToString());
        List<string> made = [.. NamesIn(path).Where(name => IsMadeByDriver(path, name)).Select(name => $"{path}/{name}")];
        var entries = new List<FakeEntry>();
        foreach (var link in ClassLinks().Where(link => TargetOf(link) is { } target && made.Exists(directory => target == directory || target.StartsWith($"{directory}/", StringComparison.Ordinal))).ToList())
        {
            entries.Add(new(link, null, LinkTarget(link)));
            Remove(link);
        }

        foreach (var directory in made)
        {
            Keep(directory, entries);
            Remove(directory);
        }

        _hidden[device] = entries;
        WriteNetworks();
    }

    private void Show(PciAddress device)
    {
        if (_hidden.Remove(device, out var entries))
        {
            foreach (var (path, content, target, errno) in entries)
            {
                if (errno != Errno.Success)
                {
                    AddUnreadable(path, isDirectory: content is null, errno);
                }
                else
                {
                    _ = target is not null ? AddLink(path, target) : content is not null ? WriteFile(path, content) : AddDirectory(path);
                }
            }

            WriteNetworks();
        }
    }

    private void AddUnreadable(string path, bool isDirectory, int errno)
    {
        lock (_files)
        {
            _store.AddUnreadable(path, isDirectory, errno);
        }
    }

    private void Keep(string path, List<FakeEntry> entries)
    {
        if (LinkTarget(path) is { } target)
        {
            entries.Add(new(path, null, target));
        }
        else if (HasDirectory(path))
        {
            entries.Add(new(path, null, null, _store.Sysfs.TryList(path, [])));
            foreach (var name in NamesIn(path))
            {
                Keep($"{path}/{name}", entries);
            }
        }
        else
        {
            var errno = _store.Sysfs.TryReadAll(path, int.MaxValue, out var content);
            entries.Add(new(path, content, null, errno));
        }
    }

    // The bus makes the others: the functions below a bridge, and what every function has.
    private bool IsMadeByDriver(string path, string name) =>
        LinkTarget($"{path}/{name}") is null && HasDirectory($"{path}/{name}")
        && !PciAddress.TryParse(name, out _) && !name.StartsWith("pci", StringComparison.Ordinal) && name is not ("power" or "msi_irqs" or "link" or "wakeup" or "mdev_supported_types");

    private IEnumerable<string> ClassLinks() =>
    [
        .. NamesIn("/sys/class").SelectMany(name => Below($"/sys/class/{name}")),
        .. NamesIn("/sys/bus").SelectMany(name => Below($"/sys/bus/{name}/devices")),
        .. Below("/sys/block"), .. Below("/sys/dev/block"), .. Below("/sys/dev/char"),
    ];

    private IEnumerable<string> Below(string directory) => NamesIn(directory).Select(name => $"{directory}/{name}");

    // What the kernel said of its networks, without the interfaces that are gone now. A record that the archive does not have stays unknown.
    private void WriteCapturedNetworks()
    {
        _networks ??= Exists(Networks) ? ReadText(Networks) : "";
        if (_networks.Length == 0)
        {
            return;
        }

        var gone = _interfaces.Where(pair => !HasDirectory($"/sys/class/net/{pair.Value.Name}")).Select(pair => pair.Value.Index).ToHashSet();
        var known = _interfaces.ToDictionary(pair => pair.Value.Index, pair => FunctionsOf(pair.Key));
        var text = new System.Text.StringBuilder();
        foreach (var line in _networks.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            var values = new NetworkStateValues(words);
            var index = words[0] is "link" or "address" ? values.Number("index") : words[0] == "function" ? values.Number("link") : 0;
            if (gone.Contains(index) || (words[0] == "function" && known.ContainsKey(index)) || (words[0] == "route" && values["indexes"] is { } indexes && indexes.Split(',').All(each => gone.Contains(int.Parse(each, CultureInfo.InvariantCulture)))))
            {
                continue;
            }

            if (words[0] != "link" || !known.TryGetValue(index, out var functions))
            {
                text.Append(line).Append('\n');
                continue;
            }

            text.AppendJoin(' ', words.Where(word => !word.StartsWith("functions", StringComparison.Ordinal)))
                .Append(CultureInfo.InvariantCulture, $" functions={functions?.Count.ToString(CultureInfo.InvariantCulture) ?? "none"}\n");
            foreach (var function in functions ?? [])
            {
                VirtualFunctionText.Write(text, index, function, withMac: true);
            }
        }

        WriteFile(Networks, text.ToString());
    }
}
