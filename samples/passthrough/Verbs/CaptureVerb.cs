using System.CommandLine;
using Passthrough.Sdk;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough capture</c>: writes this host to an archive that every other verb can read with <c>--root</c>.</summary>
internal static class CaptureVerb
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The archive to write (tar.gz); without serial numbers, hardware addresses and UUIDs" };
        var root = SharedOptions.Root();
        var command = new Command("capture", "Write this host to an archive") { file, root };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(file), parsed.GetRequiredValue(root)));
        return command;
    }

    private static int Run(string file, string root)
    {
        var host = PassthroughHost.At(root);
        using var archive = new FileStream(file, FileMode.Create, FileAccess.Write);
        var snapshot = host.CaptureTo(archive);
        Console.WriteLine($"{file}: {snapshot.Devices.Count} PCI functions, {snapshot.IommuGroups.Count} IOMMU groups, {snapshot.Unread.Count} files not readable");
        return ExitCode.Yes;
    }
}
