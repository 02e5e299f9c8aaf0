using Passthrough.Sdk.Readiness.Rules;

namespace Passthrough.Sdk.Tests.Readiness;

public sealed class ModuleOptionsTests
{
    // kstrtobool in lib/kstrtox.c: the first letter decides, and the second one of on and off; a flag without a value is on.
    [Theory]
    [InlineData(null, true)]
    [InlineData("y", true)]
    [InlineData("Y", true)]
    [InlineData("yes", true)]
    [InlineData("t", true)]
    [InlineData("True", true)]
    [InlineData("e", true)]
    [InlineData("Enable", true)]
    [InlineData("1", true)]
    [InlineData("1000", true)]
    [InlineData("on", true)]
    [InlineData("ON", true)]
    [InlineData("oN", true)]
    [InlineData("On!", true)]
    [InlineData("n", false)]
    [InlineData("N", false)]
    [InlineData("no", false)]
    [InlineData("f", false)]
    [InlineData("False", false)]
    [InlineData("d", false)]
    [InlineData("Disable", false)]
    [InlineData("0", false)]
    [InlineData("off", false)]
    [InlineData("OFF", false)]
    [InlineData("oF", false)]
    [InlineData("", null)]
    [InlineData("o", null)]
    [InlineData("ox", null)]
    [InlineData("2", null)]
    [InlineData(" 1", null)]
    [InlineData("x", null)]
    public void A_value_is_on_or_off_as_the_kernel_reads_it(string? value, bool? isOn) => Assert.Equal(isOn, ModuleOptions.IsOn(value));
}
