using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Testing.Trees;

namespace Passthrough.Sdk.Testing;

/// <content>Devices that create mediated devices.</content>
public sealed partial class FakeHost
{
    private const string MediatedParents = "/sys/class/mdev_bus";
    private const string MediatedDevices = "/sys/bus/mdev/devices";

    private readonly Dictionary<string, string> _mediatedParents = new(StringComparer.Ordinal);

    /// <summary>Adds a type of mediated device, and the device that can create it if this does not exist yet.</summary>
    /// <param name="parent">The name of the device: a PCI function that was added before, or another name such as <c>mtty</c>.</param>
    /// <param name="type">The type's name: <c>nvidia-35</c>, <c>mtty-1</c>.</param>
    /// <param name="instances">The number of instances that can be created.</param>
    /// <param name="name">The vendor's name of the type; null for none.</param>
    /// <param name="description">The vendor's description of the type; null for none.</param>
    /// <remarks>A host that <see cref="Open"/> returns creates and removes instances as the kernel does. Each type counts its own instances.</remarks>
    /// <exception cref="KeyNotFoundException"><paramref name="parent"/> is a PCI address, and no such function was added.</exception>
    public FakeHost AddMediatedType(string parent, string type, int instances, string? name = null, string? description = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(parent);
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentOutOfRangeException.ThrowIfNegative(instances);
        if (!_mediatedParents.TryGetValue(parent, out var path))
        {
            path = PciAddress.TryParse(parent, out _) ? DevicePath(parent) : $"/sys/devices/virtual/{parent}/{parent}";
            _mediatedParents.Add(parent, path);
            AddDirectory(path).AddDirectory(MediatedDevices).AddLink($"{MediatedParents}/{parent}", path);
        }

        var directory = $"{path}/mdev_supported_types/{type}";
        WriteFile($"{directory}/create", "").AddDirectory($"{directory}/devices")
            .WriteFile($"{directory}/device_api", "vfio-pci\n")
            .WriteFile($"{directory}/available_instances", string.Create(CultureInfo.InvariantCulture, $"{instances}\n"));
        foreach (var (file, text) in (ReadOnlySpan<(string, string?)>)[("name", name), ("description", description)])
        {
            if (text is not null)
            {
                WriteFile($"{directory}/{file}", text + "\n");
            }
        }

        return this;
    }

    /// <summary>Adds a mediated device that exists; it takes one of the instances of its type.</summary>
    /// <param name="parent">The name of the device that creates it.</param>
    /// <param name="type">The type, which was added before.</param>
    /// <param name="uuid">The UUID.</param>
    /// <exception cref="KeyNotFoundException">The parent has no such type.</exception>
    /// <exception cref="InvalidOperationException">No instance is left, or the UUID exists.</exception>
    public FakeHost AddMediatedDevice(string parent, string type, Guid uuid) => CreateMediated(parent, type, uuid.ToString("D")) switch
    {
        Errno.Success => this,
        Errno.NotFound => throw new KeyNotFoundException($"the fake host has no mediated type {type} on {parent}; add it first"),
        Errno.Exists => throw new InvalidOperationException($"the mediated device {uuid:D} exists already; choose another UUID"),
        _ => throw new InvalidOperationException($"no instance of {type} is left on {parent}; add the type with more instances"),
    };

    internal int CreateMediated(string parent, string type, string text)
    {
        if (!Guid.TryParseExact(text, "D", out var uuid))
        {
            return Errno.Invalid;
        }

        if (!_mediatedParents.TryGetValue(parent, out var path) || !HasDirectory($"{path}/mdev_supported_types/{type}"))
        {
            return Errno.NotFound;
        }

        var (name, directory) = (uuid.ToString("D"), $"{path}/mdev_supported_types/{type}");
        if (Exists($"{MediatedDevices}/{name}"))
        {
            return Errno.Exists;
        }

        if (FreeInstances(directory) is var free && free == 0)
        {
            return Errno.NoSpace;
        }

        var group = NextGroup();
        WriteFile($"{path}/{name}/remove", "")
            .AddLink($"{path}/{name}/mdev_type", directory)
            .AddLink($"{path}/{name}/driver", $"/sys/bus/mdev/drivers/{type.Split('-')[0]}")
            .AddLink($"{directory}/devices/{name}", $"{path}/{name}")
            .AddLink($"{MediatedDevices}/{name}", $"{path}/{name}")
            .AddLink($"{GroupPath(group)}/devices/{name}", $"{path}/{name}")
            .AddLink($"{path}/{name}/iommu_group", GroupPath(group));
        SetFreeInstances(directory, free - 1);
        return Errno.Success;
    }

    internal int RemoveMediated(string name, string text)
    {
        var device = $"{MediatedDevices}/{name}";
        if (LinkTarget($"{device}/mdev_type") is not { } type)
        {
            return Errno.NotFound;
        }

        if (!uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) || wanted == 0)
        {
            return text == "0" ? Errno.Success : Errno.Invalid; // 0 removes nothing
        }

        var parent = _mediatedParents.Values.First(path => HasDirectory($"{path}/{name}"));
        var group = LinkTarget($"{device}/iommu_group")!;
        var directory = $"{parent}/mdev_supported_types/{HostPath.NameOf(type)}";
        Remove($"{directory}/devices/{name}").Remove(GroupPath(int.Parse(HostPath.NameOf(group), CultureInfo.InvariantCulture))).Remove(device).Remove($"{parent}/{name}");
        SetFreeInstances(directory, FreeInstances(directory) + 1);
        return Errno.Success;
    }

    private int FreeInstances(string directory) => int.Parse(ReadText($"{directory}/available_instances"), CultureInfo.InvariantCulture);

    private void SetFreeInstances(string directory, int count) =>
        WriteFile($"{directory}/available_instances", string.Create(CultureInfo.InvariantCulture, $"{count}\n"));
}
