namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>The short run; the long one is <c>Passthrough.Sdk.Benchmarks fuzz</c>.</summary>
public sealed class HostdevFuzzTests(ITestOutputHelper output)
{
    [Fact]
    public void Broken_documents_give_the_documented_exception_and_nothing_else()
    {
        var fuzz = new HostdevFuzz(FuzzSeeds.All, seed: 20261123);
        fuzz.Run(30_000, compareEach: 3);
        output.WriteLine($"{fuzz.Accepted} accepted, {fuzz.Compared} compared with XmlReader, at most {fuzz.Largest.Bytes} bytes for {fuzz.Largest.Length} characters");
        Assert.InRange(fuzz.Accepted, 1, 29_999);
    }
}
