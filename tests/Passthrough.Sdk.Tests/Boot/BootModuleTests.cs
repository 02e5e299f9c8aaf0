using Passthrough.Sdk.Boot;

namespace Passthrough.Sdk.Tests.Boot;

public sealed class BootModuleTests
{
    [Fact]
    public void A_blacklisted_module_is_allowed_by_commenting_out_exactly_that_line()
    {
        using var tree = Distributions.Make("debian");
        tree["/etc/modprobe.d/mine.conf"] = "# keep\nblacklist nouveau\nblacklist vfio_pci\noptions kvm ignore_msrs=1";
        var before = tree.Everything();
        var plan = tree.Plan(new BootChange { AllowModules = ["vfio-pci"] });
        Assert.Equal("/etc/modprobe.d/mine.conf", Assert.Single(plan.Files).Path);
        plan.Apply();
        Assert.Equal("# keep\nblacklist nouveau\n#blacklist vfio_pci\noptions kvm ignore_msrs=1", tree["/etc/modprobe.d/mine.conf"]);
        Assert.True(tree.Plan(new BootChange { AllowModules = ["vfio-pci"] }).IsEmpty);
        tree.Revert();
        Assert.Equal(before, tree.Everything());
    }

    [Fact]
    public void A_vendor_file_is_hidden_by_one_in_etc_and_not_edited()
    {
        using var tree = Distributions.Make("debian");
        tree["/usr/lib/modprobe.d/vendor.conf"] = "install vfio-pci /bin/false\n";
        var before = tree.Everything();
        tree.Plan(new BootChange { AllowModules = ["vfio_pci"] }).Apply();
        Assert.Equal("install vfio-pci /bin/false\n", tree["/usr/lib/modprobe.d/vendor.conf"]);
        Assert.Equal("#install vfio-pci /bin/false\n", tree["/etc/modprobe.d/vendor.conf"]);
        tree.Revert();
        Assert.Equal(before, tree.Everything());
    }

    [Theory]
    [InlineData("install vfio-pci /usr/bin/true # why\n", "#install vfio-pci /usr/bin/true # why\n")]
    [InlineData("\tinstall  vfio_pci  :\r\n", "#\tinstall  vfio_pci  :\r\n")]
    [InlineData("install vfio_pci exit 1\n", "#install vfio_pci exit 1\n")]
    [InlineData("# a comment that goes on \\\nblacklist vfio_pci\n", null)]
    [InlineData("install vfio-pci /sbin/modprobe --ignore-install vfio-pci\n", null)]
    public void Exactly_what_keeps_a_module_from_being_loaded_is_lifted(string before, string? after)
    {
        using var tree = Distributions.Make("debian");
        tree["/etc/modprobe.d/mine.conf"] = before;
        var plan = tree.Plan(new BootChange { AllowModules = ["vfio-pci"] });
        Assert.Equal(after is null, plan.IsEmpty);
        if (after is not null)
        {
            plan.Apply();
            Assert.Equal(after, tree["/etc/modprobe.d/mine.conf"]);
        }
    }

    [Fact]
    public void A_line_that_goes_on_in_another_one_is_refused()
    {
        using var tree = Distributions.Make("debian");
        tree["/etc/modprobe.d/mine.conf"] = "options kvm ignore_msrs=1\ninstall vfio_pci \\\n  /bin/false\n";
        var refused = Assert.Throws<BootUncertainException>(() => tree.Plan(new BootChange { AllowModules = ["vfio-pci"] }));
        Assert.Contains("line 2", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_blacklisted_on_the_command_line_leaves_the_list_and_the_others_stay()
    {
        using var tree = Distributions.Make("debian");
        tree["/etc/default/grub"] = tree["/etc/default/grub"].Replace("quiet", "quiet module_blacklist=nouveau,vfio_pci modprobe.blacklist=vfio-pci", StringComparison.Ordinal);
        tree.Plan(new BootChange { AllowModules = ["vfio-pci"] }).Apply();
        Assert.Contains("=\"quiet module_blacklist=nouveau\"\n", tree["/etc/default/grub"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("debian", "/etc/initramfs-tools/initramfs.conf", "/etc/initramfs-tools/modules", "vfio_pci\n", "update-initramfs -u -k all")]
    [InlineData("arch-grub", "/etc/mkinitcpio.conf.d/x.conf", "/etc/mkinitcpio.conf.d/passthrough-vfio.conf", "MODULES+=(vfio_pci vfio vfio_iommu_type1)\n", "mkinitcpio -P")]
    [InlineData("fedora", "/etc/dracut.conf", "/etc/dracut.conf.d/passthrough-vfio.conf", "force_drivers+=\" vfio_pci vfio vfio_iommu_type1 \"\n", "dracut --force --regenerate-all")]
    public void Early_binding_writes_options_and_the_initramfs(string name, string sign, string path, string content, string command)
    {
        using var tree = Distributions.Make(name);
        tree.With(sign);
        if (name == "arch-grub")
        {
            tree.With("/etc/mkinitcpio.conf", "MODULES=()\n");
        }

        var before = tree.Everything();
        var change = new BootChange { EarlyBinding = new VfioEarlyBinding(["10de:1b80", "10de:10f0"], ["nouveau", "snd_hda_intel"]) };
        var plan = tree.Plan(change);
        Assert.Equal(command, Assert.Single(plan.Commands).ToString());
        plan.Apply();
        Assert.Equal(content, tree[path]);
        Assert.EndsWith("options vfio-pci ids=10de:1b80,10de:10f0\nsoftdep nouveau pre: vfio-pci\nsoftdep snd_hda_intel pre: vfio-pci\n", tree["/etc/modprobe.d/passthrough-vfio.conf"], StringComparison.Ordinal);
        Assert.True(tree.Plan(change).IsEmpty);
        tree.Revert();
        Assert.Equal(before, tree.Everything());
    }

    [Fact]
    public void On_an_ostree_system_early_binding_goes_to_the_command_line()
    {
        using var tree = Distributions.Make("silverblue");
        var plan = tree.Plan(new BootChange { EarlyBinding = new VfioEarlyBinding(["10de:1b80"], []) });
        Assert.Empty(plan.Files);
        Assert.Equal("rpm-ostree kargs --append-if-missing=rd.driver.pre=vfio_pci --append-if-missing=vfio-pci.ids=10de:1b80", Assert.Single(plan.Commands).ToString());
    }

    [Fact]
    public void A_module_is_loaded_at_boot_once()
    {
        using var tree = Distributions.Make("debian");
        tree.Plan(new BootChange { LoadModules = ["vfio-pci"] }).Apply();
        Assert.EndsWith("\nvfio-pci\n", tree["/etc/modules-load.d/passthrough.conf"], StringComparison.Ordinal);
        Assert.True(tree.Plan(new BootChange { LoadModules = ["vfio_pci"] }).IsEmpty);
    }
}
