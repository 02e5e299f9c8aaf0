using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads frame buffers and the console that is drawn on them.</summary>
internal static class DisplayReader
{
    /// <summary>The frame buffers by function; those of the firmware (efifb, simplefb), which lie on no function, are given to the boot display.</summary>
    public static Fact<ILookup<PciAddress, string>> Framebuffers(ISysfs files)
    {
        var own = UsageReader.Class(files, "/sys/class/graphics", IsFramebuffer);
        if (!own.IsKnown)
        {
            return own;
        }

        var all = ClassLinks.Read(files, "/sys/class/graphics");
        var homeless = (all.IsKnown ? all.Value : []).Where(e => e.Owner is null && IsFramebuffer(e.Name)).Select(e => e.Name).ToArray();
        if (homeless.Length == 0 || BootDisplay(files) is not { } boot)
        {
            return own;
        }

        return own.Select(found => found.SelectMany(f => f, (f, name) => (f.Key, name)).Concat(homeless.Select(name => (boot, name)))
            .ToLookup(f => f.Item1, f => f.Item2));
    }

    /// <summary>Whether the text console is bound to a driver that draws on frame buffers.</summary>
    public static Fact<bool> IsConsoleOnFramebuffer(ISysfs files)
    {
        const string Directory = "/sys/class/vtconsole";
        var consoles = files.List(Directory);
        if (consoles.IsAbsent)
        {
            return Fact.Known(false, Directory);
        }

        var answer = consoles.Select(_ => false);
        foreach (var console in consoles.IsKnown ? consoles.Value : [])
        {
            var name = files.ReadText($"{Directory}/{console}/name");
            var bind = files.ReadText($"{Directory}/{console}/bind");
            if (name.Value?.Contains("frame buffer", StringComparison.Ordinal) == true)
            {
                if (bind.Value?.Trim() == "1")
                {
                    return Fact.Known(true, bind.Source);
                }

                answer = bind.IsUnknown ? Fact.Unknown<bool>(bind.Source, bind.Reason!) : answer;
            }
        }

        return answer;
    }

    private static bool IsFramebuffer(string name) => name.Length > 2 && name.StartsWith("fb", StringComparison.Ordinal) && char.IsAsciiDigit(name[2]);

    private static PciAddress? BootDisplay(ISysfs files)
    {
        const string Directory = "/sys/bus/pci/devices";
        var functions = files.List(Directory);
        foreach (var function in functions.IsKnown ? functions.Value : [])
        {
            if (files.ReadText($"{Directory}/{function}/boot_vga").Value?.Trim() == "1" && PciAddress.TryParse(function, out var address))
            {
                return address;
            }
        }

        return null;
    }
}
