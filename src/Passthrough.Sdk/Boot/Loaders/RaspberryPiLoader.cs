using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The Raspberry Pi's firmware: one line in cmdline.txt beside config.txt. No command follows.</summary>
internal sealed class RaspberryPiLoader(string path) : BootLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.RaspberryPi;

    /// <summary>The file; /boot/cmdline.txt is a note to the reader where the partition is mounted on /boot/firmware.</summary>
    public static string? Find(BootFiles host) => host switch
    {
        _ when host.Exists("/boot/firmware/config.txt") && host.Exists("/boot/firmware/cmdline.txt") => "/boot/firmware/cmdline.txt",
        _ when host.Exists("/boot/config.txt") && host.Exists("/boot/cmdline.txt") => "/boot/cmdline.txt",
        _ => null,
    };

    public override Fact<string> Configured(BootFiles host) => Try(path, () =>
        host.Read(path) is { } text ? CommandLineFile.Join(Encoding.Latin1.GetString(text), firstLineOnly: true) : null);

    public override bool Reads(BootFiles host, string file) => file == path;

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        var config = Path.GetDirectoryName(path) + "/config.txt";
        var lines = (plan.Host.TryText(config) ?? "").Split('\n');
        var at = Array.FindIndex(lines, l => l.StartsWith("cmdline=", StringComparison.Ordinal) || l.StartsWith("os_prefix=", StringComparison.Ordinal));
        if (at >= 0)
        {
            throw new BootUncertainException(config, at + 1, lines[at], "the firmware reads another command line file");
        }

        CommandLineFile.Plan(plan, path, change, firstLineOnly: true);
    }
}
