using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>What the command line answers to the reports beside the checkout whose answer is a verb's, and not a finding's.</summary>
public sealed class ReportedCaseVerbTests
{
    [Theory]
    [InlineData("23-", "0000:00:02.0", "commandline", false)]
    [InlineData("23b", "0000:01:00.0", "hostdev", true)]
    [InlineData("24", "0000:04:00.0", "disk", true)]
    public async Task Hostdev_lists_the_device_with_the_way_that_the_domain_takes_it(string name, string address, string from, bool isManaged)
    {
        var document = Path.Combine(ReportedCases.Require(name), "domain.xml");
        var run = await CommandLineRun.Of("hostdev", document, "--json");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        using var json = JsonDocument.Parse(run.Output);
        var device = Assert.Single(json.RootElement.EnumerateArray());
        Assert.Equal(("pci", address, from, isManaged), (device.GetProperty("type").GetString(), device.GetProperty("address").GetString(), device.GetProperty("from").GetString(), device.GetProperty("managed").GetBoolean()));

        var rewritten = await CommandLineRun.Of("rewrite", document);
        Assert.Equal((0, File.ReadAllText(document)), (rewritten.ExitCode, rewritten.Output));
    }

    [Fact]
    public async Task Limine_is_edited_where_it_boots_the_host_and_doctor_names_its_file()
    {
        using var host = new UnpackedCase("30-");
        Assert.StartsWith("boot loader: limine\n", (await CommandLineRun.Of("boot", "status", "--root", host.Root)).Output, StringComparison.Ordinal);
        var plan = await CommandLineRun.Of("boot", "plan", "--root", host.Root, "--remove", "intel_iommu=off");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.Contains("--- a/etc/default/limine\n", plan.Output, StringComparison.Ordinal);
        Assert.Contains("+KERNEL_CMDLINE[default]+=\"quiet nowatchdog splash rw rootflags=subvol=/@ root=UUID=00000000-0000-0000-0000-000000000000\"\n", plan.Output, StringComparison.Ordinal);
        Assert.Contains("\n$ limine-mkinitcpio ", plan.Output, StringComparison.Ordinal);

        var doctor = await CommandLineRun.Of("doctor", "0000:03:00.0", "--root", host.Root);
        Assert.Contains("error: the kernel parameter intel_iommu=off switches the IOMMU off [iommu.disabled-by-kernel-parameter]", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("KERNEL_CMDLINE[default] in /etc/default/limine, run limine-mkinitcpio", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GRUBs_settings_that_were_left_over_are_not_edited()
    {
        using var host = new UnpackedCase("30b");
        Assert.StartsWith("boot loader: limine\n", (await CommandLineRun.Of("boot", "status", "--root", host.Root)).Output, StringComparison.Ordinal);
        var plan = await CommandLineRun.Of("boot", "plan", "--root", host.Root, "--add", "intel_iommu=on");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.Contains("--- a/etc/default/limine\n", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("grub", plan.Output, StringComparison.Ordinal);
    }

    /// <summary>The other half: the same files on a host that GRUB boots.</summary>
    [Fact]
    public async Task Limines_settings_are_not_edited_where_GRUB_boots_the_same_host()
    {
        using var host = new UnpackedCase("30b");
        Directory.CreateDirectory($"{host.Root}/boot/grub");
        File.WriteAllText($"{host.Root}/boot/grub/grub.cfg", "linux /boot/vmlinuz root=UUID=7 ro quiet\n");
        File.WriteAllText($"{host.Root}/proc/cmdline", "BOOT_IMAGE=(hd0,gpt2)/boot/vmlinuz root=UUID=7 ro quiet\n");
        Assert.StartsWith("boot loader: grub\n", (await CommandLineRun.Of("boot", "status", "--root", host.Root)).Output, StringComparison.Ordinal);
        var plan = await CommandLineRun.Of("boot", "plan", "--root", host.Root, "--add", "intel_iommu=on");
        Assert.Equal((0, ""), (plan.ExitCode, plan.Errors));
        Assert.Contains("--- a/etc/default/grub\n", plan.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("limine", plan.Output, StringComparison.Ordinal);
    }

    /// <summary>The host of a case in a directory that can be written to.</summary>
    private sealed class UnpackedCase : IDisposable
    {
        public UnpackedCase(string name)
        {
            var archive = Path.Combine(ReportedCases.Require(name), "root.tar.gz");
            Root = Directory.CreateTempSubdirectory("passthrough-case-").FullName;
            using var content = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
            TarFile.ExtractToDirectory(content, Root, overwriteFiles: true);
        }

        public string Root { get; }

        public void Dispose() => Directory.Delete(Root, recursive: true);
    }
}
