using Microsoft.CodeAnalysis;
using Passthrough.Sdk.Analyzers;

namespace Passthrough.Sdk.Tests.Analyzers;

/// <summary>PTS0001: a plan that is made, and neither applied nor inspected.</summary>
public sealed class UnusedPlanTests
{
    [Theory]
    [InlineData("/*!*/host.Plan(nic, guest);")]
    [InlineData("_ = /*!*/host.Plan(nic, to: guest);")]
    [InlineData("var plan = /*!*/host.Plan(nic, guest);")]
    [InlineData("Plan plan; plan = /*!*/host.PlanRelease([nic.Address], guest);")]
    [InlineData("/*!*/host.Plan([nic.Address], guest);")]
    [InlineData("/*!*/host.PlanBootRevert();")]
    [InlineData("(host as PassthroughHost)?/*!*/.PlanBootRevert();")]
    [InlineData("var plan = flag ? /*!*/host.Plan(nic, guest) : /*!*/host.PlanRelease([nic.Address], guest);")]
    [InlineData("Plan? earlier = null; _ = earlier ?? /*!*/host.Plan(nic, guest);")]
    [InlineData("Plan? plan = null; plan ??= /*!*/host.Plan(nic, guest);")]
    [InlineData("var plan = flag switch { true => /*!*/host.Plan(nic, guest), false => (Plan?)null };")]
    [InlineData("var (first, second) = (/*!*/host.Plan(nic, guest), 1); Console.WriteLine(second);")]
    [InlineData("(_, var second) = (/*!*/host.Plan(nic, guest), host.PlanBootRevert()); Console.WriteLine(second);")]
    [InlineData("if (/*!*/host.PlanBootRevert() is { } plan) { Console.WriteLine(nameof(plan)); }")]
    [InlineData("foreach (var device in new[] { nic }) { /*!*/host.Plan(device, guest); }")]
    [InlineData("new List<PciDevice> { nic }.ForEach(device => /*!*/host.Plan(device, guest));")]
    [InlineData("void Local() => /*!*/host.Plan(nic, guest); Local();")]
    [InlineData("try { /*!*/host.Plan(nic, guest); } finally { Console.WriteLine(); }")]
    [InlineData("DevicePlan plan = (DevicePlan)(Plan)(/*!*/host.PlanReset(nic.Address))!;")]
    [InlineData("using var fake = TestHost.Intel(); /*!*/fake.Open().PlanReset(nic.Address);")]
    public Task A_plan_that_nobody_applies_or_inspects_is_reported(string statements) => AnalyzerRun.ExpectAsync(UnusedPlanAnalyzer.Id, statements);

    [Theory]
    [InlineData("await host.Plan(nic, guest).ApplyAsync();")]
    [InlineData("await host.Plan(nic, guest).ApplyAsync().ConfigureAwait(false);")]
    [InlineData("var plan = host.Plan(nic, guest); await plan.ApplyAsync(cancellationToken: CancellationToken.None);")]
    [InlineData("var plan = host.Plan(nic, guest); Console.WriteLine(plan);")]
    [InlineData("Console.WriteLine(host.Plan(nic, guest).IsRefused);")]
    [InlineData("Console.WriteLine($\"{host.Plan(nic, guest)}\");")]
    [InlineData("var text = host.Plan(nic, guest).ToJson();")]
    [InlineData("if (host.Plan(nic, guest) is { IsRefused: true }) { return; }")]
    [InlineData("if (host.PlanBootRevert() is { } plan) { await plan.ApplyAsync(); }")]
    [InlineData("foreach (var step in host.Plan(nic, guest).Steps) { Console.WriteLine(step); }")]
    [InlineData("var plans = new List<Plan> { host.Plan(nic, guest) }; plans.Add(host.PlanBootRevert());")]
    [InlineData("Plan[] plans = [host.Plan(nic, guest), .. flag ? [host.PlanBootRevert()] : Array.Empty<Plan>()];")]
    [InlineData("var both = (host.Plan(nic, guest), 1);")]
    [InlineData("var (plan, _) = (host.Plan(nic, guest), 1); await plan.ApplyAsync();")]
    [InlineData("Plan plan; Console.WriteLine(plan = host.Plan(nic, guest));")]
    [InlineData("var plan = flag ? host.Plan(nic, guest) : throw new InvalidOperationException(); Func<Task> later = () => plan.ApplyAsync(); await later();")]
    [InlineData("var task = Task.Run(() => host.Plan(nic, guest)); await (await task).ApplyAsync();")]
    [InlineData("Action probe = () => host.Plan(nic, guest);")]
    [InlineData("Action probe = () => _ = host.Plan(nic, guest);")]
    [InlineData("Action probe = () => { _ = host.Plan(nic, guest); };")]
    [InlineData("await (flag switch { true => (Plan)host.Plan(nic, guest), _ => host.PlanBootRevert() }).ApplyAsync();")]
    [InlineData("var json = \"\"; using var session = libvirt; await host.PlanAgain(SavedPlan.Parse(json), session).ApplyAsync();")]
    public Task A_plan_that_is_applied_inspected_or_passed_on_is_not_reported(string statements) => AnalyzerRun.ExpectAsync(UnusedPlanAnalyzer.Id, statements);

    [Theory]
    [InlineData("private Plan? _plan; void Keep(IPassthroughHost host) => _plan = host.PlanBootRevert();")]
    [InlineData("Plan? Kept { get; set; } void Keep(IPassthroughHost host) { Kept = host.PlanBootRevert(); }")]
    [InlineData("Plan Make(IPassthroughHost host) => host.PlanBootRevert();")]
    [InlineData("void Make(IPassthroughHost host, out Plan plan) => plan = host.PlanBootRevert();")]
    [InlineData("IEnumerable<Plan> Make(IPassthroughHost host) { yield return host.PlanBootRevert(); }")]
    [InlineData("void Make(IPassthroughHost host, Plan[] plans) { plans[0] = host.PlanBootRevert(); }")]
    public Task A_plan_that_outlives_the_method_is_not_reported(string members) => AnalyzerRun.ExpectMembersAsync(UnusedPlanAnalyzer.Id, members);

    [Fact]
    public Task What_a_method_of_the_user_does_with_the_plan_that_it_returns_is_not_known() => AnalyzerRun.ExpectMembersAsync(
        UnusedPlanAnalyzer.Id,
        """
        static Plan Print(Plan plan) { Console.WriteLine(plan); return plan; }
        static async Task<Plan> AssignAsync(IPassthroughHost host) { var plan = host.PlanBootRevert(); await plan.ApplyAsync(); return plan; }
        static async Task Use(IPassthroughHost host) { Print(host.PlanBootRevert()); await AssignAsync(host); }
        """);

    [Fact]
    public Task A_host_of_the_user_makes_plans_as_its_interface_says() => AnalyzerRun.ExpectFileAsync(
        UnusedPlanAnalyzer.Id,
        """
        abstract class LoggingHost(IPassthroughHost inner) : IPassthroughHost
        {
            public BootPlan PlanBootRevert(PlanOptions? options = null) => inner.PlanBootRevert(options);
            public BootPlan PlanTwice() { PlanBootRevert().ToString(); return PlanBootRevert(); }
        """ + Rest("IPassthroughHost", "PlanBootRevert") + """
        }
        static class Use { static void Run(LoggingHost host) { /*!*/host.PlanBootRevert(); host.PlanTwice(); } }
        """);

    [Fact]
    public Task A_mock_that_is_set_up_or_verified_makes_no_plan() => AnalyzerRun.ExpectAsync(
        UnusedPlanAnalyzer.Id,
        """
        using var fake = TestHost.Intel();
        var mock = new Mock<IPassthroughHost>();
        mock.Setup(each => each.PlanReset(nic.Address, null, null, null)).Returns(fake.Open().PlanReset(nic.Address));
        mock.Object.PlanReset(nic.Address);
        mock.Verify(each => each.PlanReset(nic.Address, null, null, null));
        Expression<Action<IPassthroughHost>> described = each => each.PlanBootRevert(null);
        """);

    [Fact]
    public Task Top_level_statements_are_checked() => AnalyzerRun.ExpectFileAsync(
        UnusedPlanAnalyzer.Id,
        """
        var host = PassthroughHost.Local();
        /*!*/host.PlanBootRevert();
        var applied = host.PlanBootRevert();
        await ApplyAsync();
        async Task ApplyAsync() => await applied.ApplyAsync();
        """,
        OutputKind.ConsoleApplication);

    [Fact]
    public Task A_pragma_suppresses_the_warning() => AnalyzerRun.ExpectAsync(
        UnusedPlanAnalyzer.Id,
        """
        #pragma warning disable PTS0001 // Only the exceptions of planning matter here.
                host.PlanBootRevert();
        #pragma warning restore PTS0001
                /*!*/host.PlanBootRevert();
        """);

    [Fact]
    public async Task Generated_code_is_not_checked() =>
        Assert.Empty(await AnalyzerRun.FindAsync(AnalyzerRun.CompilationOf(
            "// <auto-generated/>\nclass Code { void Run(Passthrough.Sdk.IPassthroughHost host) { host.PlanBootRevert(); } }")));

    [Fact]
    public async Task Code_without_the_library_is_not_checked() =>
        Assert.Empty(await AnalyzerRun.FindAsync(AnalyzerRun.CompilationOf("class Plan { } class Code { Plan Make() => new(); void Run() { Make(); } }", references: AnalyzerRun.WithoutLibrary())));

    [Fact]
    public async Task The_message_names_the_method_and_says_what_to_do()
    {
        var found = await AnalyzerRun.FindAsync(AnalyzerRun.CompilationOf("class Code { void Run(Passthrough.Sdk.IPassthroughHost host) { host.PlanBootRevert(); } }"));

        Assert.Equal(
            "The plan that 'PlanBootRevert' returns is never applied or inspected, so the host does not change; await its ApplyAsync, or inspect its steps and findings",
            Assert.Single(found).GetMessage(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Rest(string contract, string written) => Members.Of(contract, written);
}
