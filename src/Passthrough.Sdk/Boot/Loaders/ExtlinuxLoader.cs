using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>extlinux.conf by hand: an <c>append</c> line a label.</summary>
internal sealed class ExtlinuxLoader(string path) : BootLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.Extlinux;

    public static string? Find(BootFiles host) =>
        host.First("/boot/extlinux/extlinux.conf", "/boot/extlinux.conf", "/boot/syslinux/extlinux.conf", "/boot/syslinux/syslinux.cfg", "/extlinux/extlinux.conf");

    public override Fact<string> Configured(BootFiles host) => Try(path, () => FirstEntry(host, path));

    /// <summary>The command line of the menu's first label; null if there is no menu, or none of its labels has one.</summary>
    public static string? FirstEntry(BootFiles host, string path) =>
        host.Read(path) is { } text && KeyedLines.Find(Encoding.Latin1.GetString(text), "append") is [var first, ..] ? first.Value : null;

    public override string Key(BootFiles host) => "append";

    public override string? AddsItself(BootFiles host, BootParameter parameter) =>
        parameter.Name is "BOOT_IMAGE" or "initrd" ? "syslinux adds it at each boot" : null;

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        var text = plan.ReadText(path) ?? "";
        if (KeyedLines.Find(text, "append").Count == 0)
        {
            throw new BootException($"{path}: no label has an append line - write one with the root parameter of /proc/cmdline.");
        }

        plan.WriteText(path, KeyedLines.EditEach(text, "append", change));
    }
}
