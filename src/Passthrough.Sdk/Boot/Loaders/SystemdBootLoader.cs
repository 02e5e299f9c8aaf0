using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>systemd-boot: the entries' <c>options</c>, and /etc/kernel/cmdline for what kernel-install will write.</summary>
/// <remarks>
/// kernel-install(8): the command line of new entries is /etc/kernel/cmdline, else /usr/lib/kernel/cmdline, else that of
/// the running kernel. Unified kernel images carry it inside and are generated again.
/// </remarks>
internal sealed class SystemdBootLoader : BootLoader
{
    private static readonly string[] SystemPartitions = ["/efi", "/boot", "/boot/efi"];

    private const string Vendor = "/usr/lib/kernel/cmdline";

    public override BootLoaderKind Kind => BootLoaderKind.SystemdBoot;

    public override Fact<string> Configured(BootFiles host) => LoaderEntries.Find(host) is [var newest, ..]
        ? Try(newest, () => LoaderEntries.Options(host, newest))
        : LoaderEntries.WhyHidden(host) is { } hidden ? hidden
        : Pieces(host) is { Count: > 0 } pieces ? Try(pieces[0], () => string.Join(' ', pieces.Select(p => CommandLineFile.Join(Encoding.Latin1.GetString(host.Read(p) ?? [])))))
        : Try(CommandLineFile.KernelInstall, () => (host.Read(CommandLineFile.KernelInstall) ?? host.Read(Vendor)) is { } text
            ? CommandLineFile.Join(Encoding.Latin1.GetString(text))
            : null);

    public override string? Key(BootFiles host) => LoaderEntries.Find(host).Count > 0 ? LoaderEntries.Key : null;

    public override bool Reads(BootFiles host, string path) => path == CommandLineFile.KernelInstall;

    public override IEnumerable<BootParameterPlace> Places(BootFiles host) =>
        LoaderEntries.Find(host) is [var newest, ..] ? LoaderEntries.Places(host, newest) : base.Places(host);

    public override string? AddsItself(BootFiles host, BootParameter parameter) =>
        parameter.Name == "initrd" ? "systemd-boot adds it from the entry's initrd line" : null;

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        var entries = LoaderEntries.Find(plan.Host);
        if (entries.Count == 0 && Pieces(plan.Host) is { Count: > 0 } pieces)
        {
            CommandLineFile.PlanTogether(plan, pieces, change);
            if (plan.HasEdits)
            {
                Rebuild(plan);
            }

            return;
        }

        foreach (var entry in entries)
        {
            LoaderEntries.Plan(plan, entry, change);
        }

        if (!plan.Host.Exists(CommandLineFile.KernelInstall) && plan.Host.Read(Vendor) is { } vendor)
        {
            plan.Write(CommandLineFile.KernelInstall, vendor);
        }

        var forNewKernels = CommandLineFile.Plan(plan, CommandLineFile.KernelInstall, change);
        if (entries.Count == 0 && !forNewKernels)
        {
            throw new BootException("systemd-boot boots this host, but neither loader entries nor /etc/kernel/cmdline can be read - mount the EFI system partition, or run it as root.");
        }

        if (plan.HasEdits && (entries.Count == 0 || HasUnifiedImages(plan.Host)))
        {
            Rebuild(plan);
        }
    }

    /// <summary>mkinitcpio(8): /etc/cmdline.d/*.conf make up the command line of a unified image where /etc/kernel/cmdline is not there.</summary>
    private static IReadOnlyList<string> Pieces(BootFiles host) =>
        Presets(host) && !host.Exists(CommandLineFile.KernelInstall) ? host.List("/etc/cmdline.d", ".conf") : [];

    private static bool HasUnifiedImages(BootFiles host) =>
        SystemPartitions.Any(esp => host.List($"{esp}/EFI/Linux", ".efi").Count > 0) || Presets(host);

    private static bool Presets(BootFiles host) => host.List("/etc/mkinitcpio.d", ".preset").Any(path =>
        host.TryText(path)?.Split('\n').Any(line => !line.StartsWith('#') && line.Contains("_uki=", StringComparison.Ordinal)) == true);

    private static void Rebuild(BootDraftBuilder plan)
    {
        const string Why = "kernel-install puts the command line into the files that it generates";
        if (plan.Host.HasProgram("sdbootutil"))
        {
            plan.Follow(new BootCommand("sdbootutil", ["update-all-entries"], Why));
            return;
        }

        if (Presets(plan.Host))
        {
            plan.Follow(new BootCommand("mkinitcpio", ["-P"], "the command line is part of the unified kernel image"));
            return;
        }

        var modules = plan.Host.List("/usr/lib/modules", "").Concat(plan.Host.List("/lib/modules", "")).Select(p => Path.GetFileName(p)!)
            .Distinct(StringComparer.Ordinal).Where(v => plan.Host.Exists($"/usr/lib/modules/{v}/vmlinuz")).ToArray();
        foreach (var version in modules)
        {
            plan.Follow(new BootCommand("kernel-install", ["add", version, $"/usr/lib/modules/{version}/vmlinuz"], Why));
        }

        if (modules.Length == 0)
        {
            plan.Follow(new BootCommand("kernel-install", ["add-all"], Why));
        }
    }
}
