using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing.VirtualHosts;

/// <summary>Options that are not possible are refused before anything is looked for or started.</summary>
public sealed class VirtualHostOptionsTests
{
    public static TheoryData<string, Action<VirtualHostOptions>> Wrong => new()
    {
        { "Iommu", options => options.Iommu = (VirtualIommu)7 },
        { "MemoryMiB", options => options.MemoryMiB = 100 },
        { "Processors", options => options.Processors = 0 },
        { "StartTimeout", options => options.StartTimeout = TimeSpan.Zero },
        { "CommandTimeout", options => options.CommandTimeout = TimeSpan.FromDays(3) },
        { "KernelParameters", options => options.KernelParameters = ["two words"] },
        { "KernelPath", options => options.KernelPath = "vmlinuz" },
        { "QemuPath", options => options.QemuPath = "qemu" },
        { "ShareDirectory", options => options.ShareDirectory = "/nonesuch" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_value_that_is_not_possible_is_named(string name, Action<VirtualHostOptions> configure)
    {
        Assert.StartsWith($"VirtualHostOptions.{name} cannot be ", Assert.Throws<ArgumentException>(() => VirtualHost.FindMissing(configure)).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => VirtualHost.StartAsync(configure, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(VirtualIommu.Vtd, "intel-iommu,intremap=on,caching-mode=on", "intel_iommu=on iommu=pt quiet-please")]
    [InlineData(VirtualIommu.AmdVi, "amd-iommu,intremap=on", "iommu=pt quiet-please")]
    public void The_IOMMU_is_there_and_switched_on(VirtualIommu iommu, string device, string end)
    {
        var arguments = Arguments(new() { Iommu = iommu, KernelParameters = ["quiet-please"] });

        Assert.Contains(device, arguments);
        Assert.EndsWith(end, arguments[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Without_an_IOMMU_nothing_names_one()
    {
        Assert.DoesNotContain(Arguments(new() { Iommu = VirtualIommu.None }), argument => argument.Contains("iommu", StringComparison.Ordinal));
    }

    [Fact]
    public void A_comma_in_a_path_does_not_end_a_value()
    {
        Assert.Contains("local,id=share,path=/tmp/a,,b,security_model=none,multidevs=remap", Arguments(new() { ShareDirectory = "/tmp/a,b" }));
    }

    private static IReadOnlyList<string> Arguments(VirtualHostOptions options) =>
        QemuArguments.For(options, new("/kernel", "/initramfs", "/disk", "/console", "/output", "/errors"));
}
