using CsCheck;
using Passthrough.Sdk.Kernel.Modules;

namespace Passthrough.Sdk.Tests.Host;

public sealed class ModuleAliasTests
{
    private const string Aliases = """
        # Aliases extracted from modules themselves.
        alias pci:v00008086d000010D3sv*sd*bc*sc*i* e1000e
        alias pci:v0000144Dd*sv*sd*bc01sc08i02* nvme
        alias pci:v*d*sv*sd*bc01sc08i02* nvme
        alias usb:v0000p0001d*dc*dsc*dp*ic*isc*ip*in* wrong
        alias vfio_pci:v*d*sv*sd*bc*sc*i* vfio_pci
        alias vfio_pci:v000015B3d0000101Esv*sd*bc*sc*i* mlx5-vfio-pci
        alias vfio_pci:v000015B3d*sv*sd*bc*sc*i* other_vfio_pci
        """;

    [Theory]
    [InlineData("pci:v00008086d000010D3sv00008086sd0000A01Fbc02sc00i00", "e1000e")]
    [InlineData("pci:v0000144Dd0000A808sv0000144Dsd0000A801bc01sc08i02", "nvme")]
    [InlineData("pci:v00001234d00001111sv00001AF4sd00001100bc03sc00i00")]
    [InlineData("usb:v0000p0001d0dc0dsc0dp0ic0isc0ip0in0")]
    [InlineData("vfio_pci:v000015B3d0000101Esv0sd0bc02sc00i00", "vfio_pci", "mlx5_vfio_pci", "other_vfio_pci")]
    [InlineData("")]
    public void Candidates_are_those_whose_pattern_fits(string modalias, params string[] modules) =>
        Assert.Equal(modules, ModuleAliases.Parse(Aliases).Candidates(modalias));

    [Fact]
    public void The_variant_driver_is_the_one_with_the_fewest_wildcards()
    {
        var aliases = ModuleAliases.Parse(Aliases);
        Assert.Equal("mlx5_vfio_pci", aliases.VfioVariant("pci:v000015B3d0000101Esv0sd0bc02sc00i00"));
        Assert.Equal("other_vfio_pci", aliases.VfioVariant("pci:v000015B3d00001018sv0sd0bc02sc00i00"));
        Assert.Null(aliases.VfioVariant("pci:v00008086d000010D3sv0sd0bc02sc00i00"));
    }

    [Theory]
    [InlineData("*", "", true)]
    [InlineData("a*b*c", "axxbyyc", true)]
    [InlineData("a*b*c", "axxbyyd", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("v[0-9A-F]x", "vCx", true)]
    [InlineData("v[!0-9]x", "v5x", false)]
    [InlineData("v[]a]x", "v]x", true)]
    [InlineData("v[a", "v[a", true)]
    [InlineData("*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    public void Patterns_are_matched_as_the_shell_does(string pattern, string text, bool matches) =>
        Assert.Equal(matches, AliasPattern.Matches(pattern, text));

    [Fact]
    public void A_text_with_any_part_replaced_by_a_star_still_fits() =>
        Gen.Select(Gen.String[Gen.Char["abc01"], 0, 20], Gen.Int[0, 20], Gen.Int[0, 20]).Sample((text, a, b) =>
        {
            var from = Math.Min(Math.Min(a, b), text.Length);
            var to = Math.Min(Math.Max(a, b), text.Length);
            return AliasPattern.Matches(string.Concat(text.AsSpan(0, from), "*", text.AsSpan(to)), text);
        });
}
