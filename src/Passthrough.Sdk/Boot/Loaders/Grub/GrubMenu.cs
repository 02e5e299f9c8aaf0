namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Reads a generated grub.cfg.</summary>
internal static class GrubMenu
{
    /// <summary>The command line of the first normal entry, without the kernel's path; null if the menu has none.</summary>
    public static string? CommandLine(string menu)
    {
        foreach (var line in menu.Split('\n'))
        {
            var words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (words is not ["linux" or "linux16" or "linuxefi", _, ..])
            {
                continue;
            }

            var rest = words.Length > 2 ? words[2].Trim() : "";
            // Recovery entries: 10_linux.in gives them "single", Ubuntu "recovery".
            if (!rest.Split(' ').Any(word => word is "single" or "recovery"))
            {
                return rest;
            }
        }

        return null;
    }
}
