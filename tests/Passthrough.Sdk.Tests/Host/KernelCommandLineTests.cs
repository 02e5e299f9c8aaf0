using CsCheck;
using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Tests.Host;

public sealed class KernelCommandLineTests
{
    [Theory]
    [InlineData("a", "a|")]
    [InlineData("a=", "a|=")]
    [InlineData("a=b c=d", "a|=b", "c|=d")]
    [InlineData("  a\t\nb \n", "a|", "b|")]
    [InlineData("a=\"b c\" d", "a|=b c", "d|")]
    [InlineData("\"a=b c\" d", "a|=b c", "d|")]
    [InlineData("\"a b\"", "a b|")]
    [InlineData("a=\"\"", "a|=")]
    [InlineData("a=\"b", "a|=b")]
    [InlineData("a=\"", "a|=")]
    [InlineData("a=b\"c d\"e", "a|=b\"c d\"e")]
    [InlineData("a=\"b\"c", "a|=b\"c")]
    [InlineData("\"a=\"b\" c", "a|=b\" c")]
    [InlineData("a==b", "a|==b")]
    [InlineData("=a=b", "=a|=b")]
    [InlineData("dyndbg=\"file x.c +p; func y +p\" q", "dyndbg|=file x.c +p; func y +p", "q|")]
    [InlineData("")]
    public void Parse_takes_quotes_as_the_kernel_does(string text, params string[] expected) =>
        Assert.Equal(
            expected,
            KernelCommandLine.Parse(text).Parameters.Select(p => p.Value is null ? $"{p.Name}|" : $"{p.Name}|={p.Value}"));

    [Fact]
    public void What_follows_two_dashes_belongs_to_init()
    {
        var line = KernelCommandLine.Parse("intel_iommu=on -- intel_iommu=off --verbose\n");
        Assert.Equal("on", Assert.Single(line.Parameters).Value);
        Assert.Equal("intel_iommu=off --verbose", line.InitArguments);
        Assert.Null(KernelCommandLine.Parse("--x a=--").InitArguments);
    }

    [Fact]
    public void Dash_and_underscore_are_the_same_in_a_name_and_the_last_one_wins()
    {
        var line = KernelCommandLine.Parse("vfio-pci.ids=1:2 intel-iommu=off intel_iommu=on,sm_on vfio_pci.ids=3:4");
        Assert.Equal("on,sm_on", line.Last("intel_iommu")!.Value);
        Assert.Equal(["off", "on", "sm_on"], line.Options("intel_iommu"));
        Assert.Equal(["1:2", "3:4"], line.All("vfio_pci.ids").Select(p => p.Value));
        Assert.Null(line.Last("amd_iommu"));
        Assert.False(line.Contains("INTEL_IOMMU"));
    }

    [Fact]
    public void A_parameter_written_down_is_read_back_as_it_was() =>
        Gen.Select(Gen.String[Gen.Char["abc_-.="], 1, 6].Where(n => n[0] != '=' && n != "--"), Gen.String[Gen.Char["abc ,=-"], 0, 8].Null())
            .Sample((name, value) =>
            {
                var parameter = new KernelParameter(name.Replace("=", "", StringComparison.Ordinal) + "x", value);
                return KernelCommandLine.Parse($"first {parameter} last").Parameters is [_, var read, _] && read == parameter;
            });
}
