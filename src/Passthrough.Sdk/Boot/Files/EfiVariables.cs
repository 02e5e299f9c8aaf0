using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Files;

/// <summary>The EFI variables that show what started the kernel.</summary>
/// <remarks>
/// Documentation/filesystems/efivarfs.rst: the first four bytes of a file are the variable's attributes. The Boot Loader
/// Interface of systemd (LoaderInfo, StubInfo, LoaderEntrySelected) holds UTF-16; BootCurrent and Boot#### are those of the
/// UEFI specification, 3.1.3 and 3.3.
/// </remarks>
internal sealed class EfiVariables(BootFiles host)
{
    private const string Firmware = "/sys/firmware/efi";
    private const string Home = $"{Firmware}/efivars";
    private const string Loader = "4a67b082-0a4c-41cf-b6c7-440b29bb8c4f";
    private const string Global = "8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private const int Attributes = 4;

    /// <summary>A variable of the Boot Loader Interface; absent if the loader set none, unknown if it cannot be read.</summary>
    public Fact<string> LoaderText(string name)
    {
        var path = $"{Home}/{name}-{Loader}";
        if (host.TryRead(path) is not { } content)
        {
            return Missing<string>(path);
        }

        if (content.Length < Attributes)
        {
            return Fact.Unknown<string>(path, "the variable is shorter than its attributes");
        }

        var text = Encoding.Unicode.GetString(content.AsSpan(Attributes));
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        return Fact.Known(end < 0 ? text : text[..end], path);
    }

    /// <summary>The file on the EFI system partition that the firmware started (<c>\EFI\limine\limine_x64.efi</c>).</summary>
    public Fact<string> StartedFile()
    {
        var current = $"{Home}/BootCurrent-{Global}";
        if (host.TryRead(current) is not { } number)
        {
            return Missing<string>(current);
        }

        if (number.Length < Attributes + sizeof(ushort))
        {
            return Fact.Unknown<string>(current, "the variable is shorter than a number");
        }

        var entry = string.Create(CultureInfo.InvariantCulture, $"{Home}/Boot{BinaryPrimitives.ReadUInt16LittleEndian(number.AsSpan(Attributes)):X4}-{Global}");
        if (host.TryRead(entry) is not { } option)
        {
            return Missing<string>(entry);
        }

        return FilePath(option.AsSpan(Math.Min(Attributes, option.Length))) is { } path
            ? Fact.Known(path, entry)
            : Fact.Unknown<string>(entry, "the boot entry names no file");
    }

    private Fact<T> Missing<T>(string path)
    {
        if (!host.Exists(Firmware))
        {
            return Fact.Absent<T>(path);
        }

        if (host.Exists(path))
        {
            return Fact.Unknown<T>(path, host.WhyNot(path) ?? "not readable");
        }

        return host.List(Home, "").Count > 0
            ? Fact.Absent<T>(path)
            : Fact.Unknown<T>(path, host.WhyNoList(Home) ?? "efivarfs is not mounted");
    }

    /// <summary>The file path of an EFI_LOAD_OPTION: attributes, length of the path list, description, device path nodes.</summary>
    private static string? FilePath(ReadOnlySpan<byte> option)
    {
        const int Fixed = sizeof(uint) + sizeof(ushort);
        if (option.Length < Fixed)
        {
            return null;
        }

        var at = Fixed;
        while (at + 1 < option.Length && (option[at] | option[at + 1]) != 0)
        {
            at += 2;
        }

        at += 2;
        var text = new StringBuilder();
        while (at + 4 <= option.Length)
        {
            var (type, kind) = (option[at], option[at + 1]);
            int length = BinaryPrimitives.ReadUInt16LittleEndian(option[(at + 2)..]);
            if (type == 0x7f || length < 4 || at + length > option.Length)
            {
                break;
            }

            // Media device path, file path.
            if (type == 4 && kind == 4)
            {
                text.Append(Encoding.Unicode.GetString(option.Slice(at + 4, (length - 4) & ~1)).TrimEnd('\0'));
            }

            at += length;
        }

        return text.Length == 0 ? null : text.ToString();
    }
}
