namespace Passthrough.Sdk.Tests.Explain;

/// <summary>The short fuzz run; the long one is among the benchmarks (<c>-- fuzz-explain COUNT SEED</c>).</summary>
public sealed class ExplainFuzzTests
{
    [Fact]
    public void Mutated_messages_are_answered()
    {
        using var host = Hosts.Healthy();
        var fuzz = new ExplainFuzz(PassthroughHost.At(host.Root).Capture(), seed: 11);
        fuzz.Run(1500);
        Assert.InRange(fuzz.Recognised, 500, 1500);
    }
}
