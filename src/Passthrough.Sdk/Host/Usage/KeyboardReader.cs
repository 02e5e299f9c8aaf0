using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads which keyboards the host's text console has, and to which functions they are connected.</summary>
/// <remarks>
/// One file has all: an entry for each input device, with blank lines between them. The console's handler, kbd, is attached to power buttons
/// and mice too, so an entry counts as a keyboard only if it has the keys Enter and A. The kernel itself listens, so no process has to have it open.
/// </remarks>
internal static class KeyboardReader
{
    private const string Path = "/proc/bus/input/devices";

    // KEY_ENTER and KEY_A (include/uapi/linux/input-event-codes.h): both are in the last word, whether words have 32 bits or 64.
    private const ulong Letters = (1UL << 28) | (1UL << 30);

    /// <summary>The keyboards by function; those of no function, such as a PS/2 keyboard, are under the default address.</summary>
    public static Fact<ILookup<PciAddress, string>> Read(ISysfs files) =>
        files.ReadText(Path) is { IsAbsent: false } text ? text.Select(Parse) : Fact.Known(Enumerable.Empty<string>().ToLookup(_ => default(PciAddress)), Path);

    private static ILookup<PciAddress, string> Parse(string text) => text
        .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(Keyboard)
        .OfType<(PciAddress Owner, string Name)>()
        .ToLookup(found => found.Owner, found => found.Name);

    private static (PciAddress Owner, string Name)? Keyboard(string entry)
    {
        var (name, path, handlers, keys) = ("", "", "", "");
        foreach (var line in entry.Split('\n'))
        {
            name = After(line, "N: Name=") ?? name;
            path = After(line, "S: Sysfs=") ?? path;
            handlers = After(line, "H: Handlers=") ?? handlers;
            keys = After(line, "B: KEY=") ?? keys;
        }

        // What a program makes up, and what comes over Bluetooth, ends with that program, and is nobody's way in.
        return handlers.Split(' ').Contains("kbd") && HasLetters(keys) && !path.StartsWith("/devices/virtual/", StringComparison.Ordinal)
            ? (ClassLinks.OwnerOf(path) ?? default, $"{name.Trim('"')} ({path[(path.LastIndexOf('/') + 1)..]})")
            : null;
    }

    private static bool HasLetters(string keys) =>
        ulong.TryParse(keys[(keys.LastIndexOf(' ') + 1)..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var word)
        && (word & Letters) == Letters;

    private static string? After(string line, string start) => line.StartsWith(start, StringComparison.Ordinal) ? line[start.Length..].TrimEnd() : null;
}
