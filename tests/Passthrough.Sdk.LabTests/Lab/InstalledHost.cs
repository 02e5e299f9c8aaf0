using Passthrough.Sdk;
using Passthrough.Sdk.Readiness;

namespace Passthrough.LabTests.Lab;

/// <summary>The lab's host with a root on a disk of its own, GRUB's settings and menu there (tests/lab/installed).</summary>
internal static class InstalledHost
{
    private const string Root = "/run/installed";

    private static readonly string Script = Repository.PathOf("tests/lab/installed");

    /// <summary>The menu that GRUB would read.</summary>
    public static string Menu => File.ReadAllText($"{Root}/boot/grub/grub.cfg");

    /// <summary>Makes it.</summary>
    /// <param name="parameters">What stands in GRUB_CMDLINE_LINUX_DEFAULT, and what the host was started with.</param>
    public static void Make(string parameters) => Shell.Run($"{Script} make '{parameters}'");

    /// <summary>What doctor finds there.</summary>
    public static ReadinessReport Check() => PassthroughHost.At(Root).Capture().CheckReadiness();

    /// <summary>Runs the real program with the disk as /, so that it edits the host's files and runs the host's update-grub.</summary>
    public static string Run(string arguments) => Shell.Run($"chroot {Root} {CommandLine.Program} {arguments}");

    /// <summary>Keeps what the next boot of it takes: the command line from the menu, and the files.</summary>
    public static void KeepForTheNextBoot() => Shell.Run($"{Script} keep");
}
