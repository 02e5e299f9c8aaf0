using System.Globalization;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The traces that the program that started the kernel left in it.</summary>
/// <remarks>
/// GRUB (grub-core/loader/*/linux.c), syslinux and LILO put <c>BOOT_IMAGE=</c> before the command line; systemd-boot and
/// rEFInd add <c>initrd=\...</c> for the kernel's EFI stub; systemd-boot, GRUB's module bli, Limine and the stub of unified
/// images name themselves in EFI variables (systemd.io/BOOT_LOADER_INTERFACE). BootCurrent names what the firmware started,
/// which may have started another loader.
/// </remarks>
internal sealed class BootTrace
{
    private const string CommandLine = "/proc/cmdline";
    private const string Image = "BOOT_IMAGE";

    private readonly string[] _words;

    public BootTrace(BootFiles host)
    {
        _words = [.. CommandLineText.Split(host.TryText(CommandLine)?.Trim() ?? "").Select(t => t.Parameter.Text)];
        var variables = new EfiVariables(host);
        LoaderInfo = variables.LoaderText("LoaderInfo");
        StubInfo = variables.LoaderText("StubInfo");
        SelectedEntry = variables.LoaderText("LoaderEntrySelected");
        BootedAt = BootTime(host);
        StartedFile = variables.StartedFile();
        IsXen = host.TryText("/sys/hypervisor/type")?.Trim() == "xen" || host.Exists("/proc/xen/capabilities");
    }

    /// <summary>The name that the loader reports.</summary>
    public Fact<string> LoaderInfo { get; }

    /// <summary>The name that the stub of a unified kernel image reports.</summary>
    public Fact<string> StubInfo { get; }

    /// <summary>The entry that the loader started, as it calls it: of systemd-boot the name of a file.</summary>
    public Fact<string> SelectedEntry { get; }

    /// <summary>When the running kernel was started (/proc/stat, btime); null if that is not known.</summary>
    public DateTimeOffset? BootedAt { get; }

    /// <summary>The file that the firmware started.</summary>
    public Fact<string> StartedFile { get; }

    /// <summary>Whether Xen is between the loader and the kernel: GRUB passes dom0's command line on without BOOT_IMAGE=.</summary>
    public bool IsXen { get; }

    /// <summary>Whether there is a command line to judge by.</summary>
    public bool HasCommandLine => _words.Length > 0;

    /// <summary>The value of BOOT_IMAGE=; null if it is not on the command line.</summary>
    public string? BootImage => Word(Image);

    /// <summary>Whether the command line names an initrd as a file of the EFI system partition.</summary>
    public bool HasStubInitrd => _words.Any(word => word.StartsWith("initrd=\\", StringComparison.Ordinal));

    /// <summary>The first word of the command line; null if there is none.</summary>
    public string? FirstWord => _words.FirstOrDefault();

    /// <summary>The value of a parameter; null if it is not on the command line.</summary>
    public string? Word(string name) =>
        _words.FirstOrDefault(word => word.StartsWith(name + "=", StringComparison.Ordinal))?[(name.Length + 1)..];

    /// <summary>Whether a configured command line equals the running one, apart from the parameters that a loader adds.</summary>
    public bool IsRunning(string configured)
    {
        var wanted = CommandLineText.Split(configured).Select(t => t.Parameter.Text).Where(IsOwn).ToArray();
        return wanted.Length > 0 && _words.Where(IsOwn).SequenceEqual(wanted, StringComparer.Ordinal);

        static bool IsOwn(string word) => !word.StartsWith(Image + "=", StringComparison.Ordinal) && !word.StartsWith("initrd=", StringComparison.Ordinal);
    }

    // proc(5): "btime SECONDS", since the epoch. It moves by a second where the clock is set.
    private static DateTimeOffset? BootTime(BootFiles host)
    {
        const string Key = "btime ";
        var line = host.TryText("/proc/stat")?.Split('\n').FirstOrDefault(line => line.StartsWith(Key, StringComparison.Ordinal));
        return line is not null && uint.TryParse(line.AsSpan(Key.Length).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
    }

    /// <summary>The family that a text of LoaderInfo names.</summary>
    public static LoaderFamily FamilyOf(string info) => info switch
    {
        _ when info.Contains("systemd-boot", StringComparison.OrdinalIgnoreCase) => LoaderFamily.SystemdBoot,
        _ when info.Contains("GRUB", StringComparison.OrdinalIgnoreCase) => LoaderFamily.Grub,
        _ when info.Contains("Limine", StringComparison.OrdinalIgnoreCase) => LoaderFamily.Limine,
        _ when info.Contains("rEFInd", StringComparison.OrdinalIgnoreCase) => LoaderFamily.Refind,
        _ => LoaderFamily.Other,
    };

    /// <summary>The family of the file that the firmware started; null if its name is generic (shim, BOOTX64.EFI).</summary>
    public static LoaderFamily? FamilyOfFile(string path)
    {
        var file = path.Replace('/', '\\').ToLowerInvariant();
        return file switch
        {
            _ when file.Contains("limine", StringComparison.Ordinal) => LoaderFamily.Limine,
            _ when file.Contains("refind", StringComparison.Ordinal) => LoaderFamily.Refind,
            _ when file.Contains("systemd-boot", StringComparison.Ordinal) || file.StartsWith(@"\efi\systemd\", StringComparison.Ordinal) => LoaderFamily.SystemdBoot,
            _ when file.Contains("grub", StringComparison.Ordinal) => LoaderFamily.Grub,
            _ when file.StartsWith(@"\efi\linux\", StringComparison.Ordinal) => LoaderFamily.UnifiedImage,
            _ when file.Contains("vmlinuz", StringComparison.Ordinal) || file.Contains("bzimage", StringComparison.Ordinal) => LoaderFamily.Other,
            _ => null,
        };
    }
}
