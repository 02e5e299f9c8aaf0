using Passthrough.Sdk.Boot;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Boot;

/// <summary>A remedy never points to a plan that refuses: what it says is what the boot room can do on that host.</summary>
public sealed class BootRemedyTests
{
    private static readonly string[] Running = ["", "quiet intel_iommu=off\n", "BOOT_IMAGE=/vmlinuz quiet intel_iommu=off\n", "initrd=\\initramfs.img quiet\n"];

    public static TheoryData<string> Hosts =>
    [
        .. Distributions.Names, .. GrubCorpus.Refused.Keys.Select(name => "refused: " + name), .. GrubCorpus.Certain.Keys.Select(name => "certain: " + name),
        "nothing", "limine and GRUB's rest", "twice used", "detour",
    ];

    [Theory]
    [MemberData(nameof(Hosts))]
    public void Every_command_of_a_remedy_can_be_carried_out(string name)
    {
        foreach (var running in Running)
        {
            using var tree = Make(name);
            if (running.Length > 0)
            {
                tree["/proc/cmdline"] = running;
            }

            var boot = PassthroughHost.At(tree.Root).Capture().System.Boot;
            foreach (var parameter in (string[])["intel_iommu=on", "iommu=pt"])
            {
                Check(tree, BootWords.Add(boot, parameter), parameter);
            }

            foreach (var parameter in (string[])["intel_iommu=off", "module_blacklist=vfio_pci", "pcie_acs_override=downstream"])
            {
                Check(tree, BootWords.Remove(boot, parameter), "-" + parameter);
            }
        }
    }

    [Fact]
    public void On_a_host_of_Limine_the_remedy_names_its_file_and_its_command()
    {
        using var tree = Distributions.Make("cachyos-limine");
        tree["/etc/default/limine"] = tree["/etc/default/limine"].Replace("root=UUID=1", "root=UUID=1 intel_iommu=off", StringComparison.Ordinal);
        var boot = PassthroughHost.At(tree.Root).Capture().System.Boot;
        Assert.Equal(
            "remove intel_iommu=off from KERNEL_CMDLINE[default] in /etc/default/limine, run limine-mkinitcpio, and reboot",
            BootWords.Remove(boot, "intel_iommu=off"));
        Assert.StartsWith("add iommu=pt to KERNEL_CMDLINE[default] in /etc/default/limine, run limine-mkinitcpio", BootWords.Add(boot, "iommu=pt"), StringComparison.Ordinal);
    }

    private static void Check(BootTree tree, string remedy, string change)
    {
        Assert.DoesNotContain("boot plan", remedy, StringComparison.Ordinal);
        if (remedy.Contains("passthrough boot", StringComparison.Ordinal))
        {
            _ = tree.Plan(change);
        }
        else
        {
            Assert.NotEmpty(remedy);
        }
    }

    private static BootTree Make(string name) => name switch
    {
        "nothing" => new BootTree(),
        "limine and GRUB's rest" => Distributions.Make("cachyos-limine").With("/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\n"),
        "twice used" => GrubCorpus.Tree(["X=\"intel_iommu=off\"\nGRUB_CMDLINE_LINUX=\"$X\"\nGRUB_THEME=\"$X\"\n"]),
        "detour" => GrubCorpus.Tree(["GRUB_CMDLINE_LINUX=\"a\"\nif [ -e /x ]; then GRUB_CMDLINE_LINUX_DEFAULT=intel_iommu=off; fi\n"]),
        _ when name.StartsWith("refused: ", StringComparison.Ordinal) => GrubCorpus.Tree(GrubCorpus.Refused[name[9..]].Files),
        _ when name.StartsWith("certain: ", StringComparison.Ordinal) => GrubCorpus.Tree(GrubCorpus.Certain[name[9..]]),
        _ => Distributions.Make(name),
    };
}
