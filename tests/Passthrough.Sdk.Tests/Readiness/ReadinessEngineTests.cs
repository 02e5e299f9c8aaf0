using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Readiness;

public sealed class ReadinessEngineTests
{
    [Fact]
    public void A_consequence_is_folded_under_its_cause()
    {
        var report = ReadinessEngine.Order([Found("cause"), Found("effect", by: "cause")]);
        Assert.Equal("cause", Assert.Single(report).Id);
        Assert.Equal(("effect", FindingSeverity.Info), (Assert.Single(report[0].Consequences).Id, report[0].Consequences[0].Severity));
    }

    [Fact]
    public void A_consequence_of_a_consequence_hangs_under_the_root()
    {
        var report = ReadinessEngine.Order([Found("root"), Found("middle", by: "root"), Found("leaf", by: "middle")]);
        Assert.Equal(["middle", "leaf"], Assert.Single(report).Consequences.Select(finding => finding.Id));
    }

    [Fact]
    public void Two_that_explain_each_other_are_not_lost()
    {
        var report = ReadinessEngine.Order([Found("a", by: "b"), Found("b", by: "a")]);
        Assert.Equal("a", Assert.Single(report).Id);
        Assert.Equal("b", Assert.Single(report[0].Consequences).Id);
    }

    [Fact]
    public void What_nobody_could_tell_explains_nothing()
    {
        var unknown = new ReadinessEngine.Explained(Found("cause").Finding with { IsUndetermined = true, Severity = FindingSeverity.Info }, []);
        Assert.Equal(["effect", "cause"], ReadinessEngine.Order([unknown, Found("effect", by: "cause")]).Select(finding => finding.Id));
    }

    [Fact]
    public void Errors_come_before_warnings_and_keep_the_order_of_the_rules()
    {
        var report = ReadinessEngine.Order([Found("w", FindingSeverity.Warning), Found("e1"), Found("i", FindingSeverity.Info), Found("e2")]);
        Assert.Equal(["e1", "e2", "w", "i"], report.Select(finding => finding.Id));
    }

    private static ReadinessEngine.Explained Found(string id, FindingSeverity severity = FindingSeverity.Error, params string[] by) =>
        new(new Finding { Id = id, Severity = severity, Title = id, Remedy = "-" }, ValueList.Create(by));

    private static ReadinessEngine.Explained Found(string id, string by) => Found(id, FindingSeverity.Error, by);
}
