using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Finds to which PCI function a device of a class belongs, by where its link leads.</summary>
internal static class ClassLinks
{
    /// <summary>A device of a class.</summary>
    /// <param name="Name">Its name in the class.</param>
    /// <param name="Owner">The function in whose directory it lies; null for none.</param>
    /// <param name="Target">The target of its link.</param>
    /// <param name="Path">The directory that contains its attributes.</param>
    public readonly record struct Entry(string Name, PciAddress? Owner, string Target, string Path);

    /// <summary>All devices of a class; absent if the kernel has no such class.</summary>
    public static Fact<ValueList<Entry>> Read(ISysfs files, string directory) => files.List(directory).Select(names =>
    {
        var entries = new List<Entry>(names.Count);
        foreach (var name in names)
        {
            var target = Target(files, $"{directory}/{name}");
            entries.Add(new Entry(name, OwnerOf(target), target, $"{directory}/{name}"));
        }

        return entries.ToValueList();
    });

    /// <summary>The last PCI address in a path: the function nearest to the device. Bridges and hosts above it come earlier.</summary>
    public static PciAddress? OwnerOf(string path)
    {
        PciAddress? owner = null;
        foreach (var range in path.AsSpan().Split('/'))
        {
            var name = path.AsSpan(range);
            if (name.Length >= "0000:00:00.0".Length && PciAddress.TryParse(name.ToString(), out var address))
            {
                owner = address;
            }
        }

        return owner;
    }

    // Kernels of long ago, and trees that were copied without links, have a directory with a link "device" in it.
    private static string Target(ISysfs files, string path)
    {
        var link = files.ReadLink(path);
        return link.Value ?? files.ReadLink($"{path}/device").Value ?? "";
    }
}
