using System.Text;
using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>GRUB's environment block: lines <c>name=value</c> in a file of fixed size, filled up with #.</summary>
/// <remarks>Format: grub's grub-core/lib/envblk.c; GRUB writes into the file's blocks in place, so the size must stay.</remarks>
internal static class GrubEnvironment
{
    public static string? Find(BootFiles host) => host.First("/boot/grub2/grubenv", "/boot/grub/grubenv", "/boot/efi/EFI/redhat/grubenv", "/boot/efi/EFI/centos/grubenv");

    public static string? Get(string block, string name)
    {
        var line = block.Split('\n').LastOrDefault(l => l.StartsWith(name + "=", StringComparison.Ordinal));
        return line?[(name.Length + 1)..].Replace("\\\\", "\\", StringComparison.Ordinal);
    }

    public static string Set(string block, string name, string value, string path)
    {
        if (Get(block, name) == value)
        {
            return block;
        }

        var text = new StringBuilder();
        var lines = block.Split('\n');
        foreach (var line in lines[..^1])
        {
            text.Append(line.StartsWith(name + "=", StringComparison.Ordinal) ? $"{name}={value.Replace("\\", "\\\\", StringComparison.Ordinal)}" : line).Append('\n');
        }

        if (text.Length > block.Length)
        {
            throw new BootException($"{path}: the command line no longer fits GRUB's environment block of {block.Length} bytes - remove variables that are not needed, or use grubby.");
        }

        return text.Append('#', block.Length - text.Length).ToString();
    }
}
