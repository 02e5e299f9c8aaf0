using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Finds parameters in files that this host's loader does not read.</summary>
internal static class StrayParameters
{
    private static readonly string[] CommandLines = [CommandLineFile.KernelInstall, "/boot/firmware/cmdline.txt", "/boot/cmdline.txt"];

    public static IEnumerable<BootParameterPlace> Find(BootFiles host, BootLoader inCharge)
    {
        if (!inCharge.Reads(host, GrubLoader.File))
        {
            var grub = new GrubLoader();
            foreach (var place in grub.Configured(host).IsKnown ? grub.Places(host) : [])
            {
                yield return place;
            }
        }

        foreach (var path in CommandLines.Where(path => !inCharge.Reads(host, path)))
        {
            // On a Raspberry Pi's card /boot/cmdline.txt may be a note to the reader; its words are no parameters that anyone looks for.
            foreach (var token in host.TryText(path) is { } text ? CommandLineText.Split(CommandLineFile.Join(text)) : [])
            {
                yield return new BootParameterPlace(token.Parameter, path, null);
            }
        }

        foreach (var place in DropIns(host))
        {
            yield return place;
        }
    }

    // Upstream's grub-mkconfig, Fedora's and openSUSE's do not read the drop-ins that Debian's does.
    private static IEnumerable<BootParameterPlace> DropIns(BootFiles host)
    {
        if (GrubDropIns.Find(host).Count > 0)
        {
            yield break;
        }

        foreach (var path in host.List(GrubDropIns.Directory, ".cfg"))
        {
            foreach (var place in host.TryText(path) is { } text ? ShellVariableLoader.PlacesIn([new Shell.ShellSource(path, text)], GrubLoader.Variables) : [])
            {
                yield return place;
            }
        }
    }
}
