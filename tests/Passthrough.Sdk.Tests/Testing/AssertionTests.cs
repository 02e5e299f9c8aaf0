using Passthrough.Sdk.Host;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing;

/// <summary>An assertion that fails says everything that its reader needs.</summary>
public sealed class AssertionTests
{
    private const string Nic = "0000:01:00.0";

    private static readonly Finding Broken = new()
    {
        Id = "area.broken",
        Severity = FindingSeverity.Error,
        Title = "It is broken",
        Remedy = "Repair it",
        Devices = [PciAddress.Parse(Nic), PciAddress.Parse("0000:01:00.1")],
        Evidence = [new("/sys/one", "1"), new("/sys/two", "absent")],
        Consequences = [new() { Id = "area.follows", Severity = FindingSeverity.Info, Title = "It follows", Remedy = "None" }],
    };

    private static readonly Finding Unknown = new()
    {
        Id = "area.unknown", Severity = FindingSeverity.Info, PossibleSeverity = FindingSeverity.Error, IsUndetermined = true, Title = "It may be", Remedy = "Run as root",
    };

    private static readonly ReadinessReport Good = new([]);
    private static readonly ReadinessReport Bad = new([Broken, Unknown]);
    private static readonly ReadinessReport Open = new([Unknown]);

    [Fact]
    public void What_holds_returns_its_subject()
    {
        Assert.Same(Good, Good.ShouldBeReady().ShouldNotFind("area.broken"));
        Assert.Same(Bad, Bad.ShouldNotBeReady().ShouldFind("area.broken").ShouldFind("area.broken", on: "01:00.1").ShouldFind("area.follows").ShouldNotFind("area.broken", on: "0000:02:00.0").ShouldNotFind("area.other"));
    }

    [Fact]
    public void A_report_is_printed_whole()
    {
        Fails(() => Bad.ShouldBeReady(), """
            Bad should be ready, but it is not.
            The report is not ready, and has 2 findings:
              error: It is broken [area.broken]
                devices: 0000:01:00.0, 0000:01:00.1
                evidence: /sys/one: 1
                evidence: /sys/two: absent
                remedy: Repair it
                consequence:
                  info: It follows [area.follows]
                    remedy: None
              info: It may be [area.unknown], undetermined, would be error
                remedy: Run as root
            """);
    }

    [Fact]
    public void Undetermined_is_neither_ready_nor_found_nor_missing()
    {
        const string Report = """

            The report is undetermined, and has 1 finding:
              info: It may be [area.unknown], undetermined, would be error
                remedy: Run as root
            """;
        Fails(() => Open.ShouldBeReady(), "Open should be ready, but that cannot be determined." + Report);
        Fails(() => Open.ShouldNotBeReady(), "Open should not be ready, but that cannot be determined." + Report);
        Fails(() => Open.ShouldFind("area.unknown"), "Open should have the finding area.unknown, but that is undetermined." + Report);
        Fails(() => Open.ShouldNotFind("area.unknown"), "Open should not have the finding area.unknown, but that is undetermined." + Report);
    }

    [Fact]
    public void A_finding_that_is_missing_or_there_is_named_with_its_device()
    {
        const string Nothing = "\nThe report is ready, and has no findings.";
        Fails(() => Good.ShouldNotBeReady(), "Good should not be ready, but it is." + Nothing);
        Fails(() => Good.ShouldFind("area.broken", on: "01:00.0"), "Good should have the finding area.broken on 0000:01:00.0, but it does not." + Nothing);
        Assert.StartsWith("Bad should not have the finding area.follows, but it does.\nThe report is not ready", Message(() => Bad.ShouldNotFind("area.follows")), StringComparison.Ordinal);
        Assert.StartsWith("Bad should have the finding area.broken on 0000:02:00.0, but it does not.\n", Message(() => Bad.ShouldFind("area.broken", on: "0000:02:00.0")), StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => Good.ShouldFind("area.broken", on: "nonsense"));
    }

    [Fact]
    public void The_subject_is_the_source_text_in_one_line()
    {
        using var host = TestHost.Intel().WithNic(Nic).WithoutVfio();

        Assert.StartsWith("host .CheckDevice(\"0000:01:00.0\") should be ready, but it is not.\n", Message(() => host
            .CheckDevice("0000:01:00.0").ShouldBeReady()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_is_refused_is_refused_for_its_reasons()
    {
        using var host = TestHost.Intel().WithMountedDisk("0000:02:00.0", "/srv").WithNic(Nic);
        var guest = host.Libvirt.AddDomain("vm1");
        var (refused, made) = (host.Open().Plan([PciAddress.Parse("0000:02:00.0")], guest), host.Open().Plan([PciAddress.Parse(Nic)], guest));

        AssignmentPlanIsReturned(refused.ShouldBeRefusedFor(FindingIds.DeviceHoldsMountedFileSystem).ShouldBeRefusedFor());
        Assert.Same(made, made.ShouldNotBeRefused());
        Fails(
            () => refused.ShouldBeRefusedFor(FindingIds.GroupNotViable, FindingIds.DeviceHoldsMountedFileSystem),
            $"The plan to {refused.Purpose} should be refused for {FindingIds.GroupNotViable} and {FindingIds.DeviceHoldsMountedFileSystem}, but {FindingIds.GroupNotViable} does not refuse it.\n{refused.ToString().TrimEnd()}");
        Fails(() => made.ShouldBeRefusedFor(FindingIds.GroupNotViable), $"The plan to {made.Purpose} should be refused for {FindingIds.GroupNotViable}, but it is not refused.\n{made.ToString().TrimEnd()}");
        Fails(() => made.ShouldBeRefusedFor(), $"The plan to {made.Purpose} should be refused, but it is not refused.\n{made.ToString().TrimEnd()}");
        Fails(() => refused.ShouldNotBeRefused(), $"The plan to {refused.Purpose} should not be refused, but it is.\n{refused.ToString().TrimEnd()}");
        Assert.Contains("/srv", Message(() => refused.ShouldNotBeRefused()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_finding_that_was_accepted_does_not_refuse()
    {
        using var host = TestHost.Intel().WithMountedDisk("0000:02:00.0", "/srv");

        var plan = host.Open().Plan([PciAddress.Parse("0000:02:00.0")], host.Libvirt.AddDomain("vm1"), new PlanOptions { Accepted = [FindingIds.DeviceHoldsMountedFileSystem] });

        plan.ShouldNotBeRefused();
        Assert.Throws<PassthroughAssertionException>(() => plan.ShouldBeRefusedFor(FindingIds.DeviceHoldsMountedFileSystem));
    }

    [Fact]
    public void Steps_are_compared_in_their_order()
    {
        using var host = TestHost.Intel().WithNic(Nic);
        var plan = host.Open().PlanBind([PciAddress.Parse(Nic)], "vfio-pci");

        Assert.Same(plan, plan.ShouldHaveSteps(PlanStepKind.BindDriver));
        Fails(() => plan.ShouldHaveSteps(PlanStepKind.BindDriver, PlanStepKind.ResetDevice), $"The plan to {plan.Purpose} should have the steps BindDriver, ResetDevice, but it has the steps BindDriver.\n{plan.ToString().TrimEnd()}");
        Fails(() => plan.ShouldHaveSteps(), $"The plan to {plan.Purpose} should have no steps, but it has the steps BindDriver.\n{plan.ToString().TrimEnd()}");
        host.Open().PlanUnbind([PciAddress.Parse("0000:01:00.0")], "e1000e").ShouldHaveSteps();
    }

    [Fact]
    public void A_refused_plan_has_no_steps_that_count()
    {
        using var host = TestHost.Intel().WithMountedDisk("0000:02:00.0", "/srv");
        var plan = host.Open().PlanBind([PciAddress.Parse("0000:02:00.0")], "vfio-pci");

        Fails(() => plan.ShouldHaveSteps(), $"The plan to {plan.Purpose} should have no steps, but it is refused.\n{plan.ToString().TrimEnd()}");
    }

    [Fact]
    public void A_driver_is_compared_and_all_are_shown()
    {
        using var host = TestHost.Intel().WithNic(Nic).WithSoundCard("0000:00:1b.0").BoundTo(null);

        Assert.Same(host, host.ShouldHaveDriver("01:00.0", "e1000e").ShouldHaveDriver("0000:00:1b.0", null));
        var devices = $"The functions of {host.Open().Source}:\n  0000:00:10.0 1b36:000c [060400] pcieport\n  0000:00:1b.0 8086:293e [040300]\n  0000:01:00.0 8086:10d3 [020000] e1000e";
        Fails(() => host.ShouldHaveDriver(Nic, "vfio-pci"), $"0000:01:00.0 should have the driver vfio-pci, but it has e1000e.\n{devices}");
        Fails(() => host.ShouldHaveDriver(Nic, null), $"0000:01:00.0 should have no driver, but it has e1000e.\n{devices}");
        Fails(() => host.ShouldHaveDriver("0000:00:1b.0", "vfio-pci"), $"0000:00:1b.0 should have the driver vfio-pci, but it has none.\n{devices}");
        Fails(() => host.ShouldHaveDriver("0000:09:00.0", null), $"0000:09:00.0 should have no driver, but there is no such function.\n{devices}");
    }

    [Fact]
    public async Task A_host_that_has_changed_shows_every_change()
    {
        using var host = TestHost.Intel().WithNic(Nic);
        host.Files.WriteAttribute(Nic, "sriov_numvfs", "0\n").WriteAttribute(Nic, "sriov_totalvfs", "4\n");
        var (before, few) = (host.Capture(), host.Open().Capture(CaptureOptions.DevicesOnly));
        Assert.Same(host, host.ShouldBeUnchangedSince(before).ShouldBeUnchangedSince(few));

        await host.Open().PlanVirtualFunctions(PciAddress.Parse(Nic), 1).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        await host.Open().PlanVirtualFunctions(PciAddress.Parse(Nic), 0).ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        host.ShouldBeUnchangedSince(before);

        await host.Open().PlanBind([PciAddress.Parse(Nic)], "vfio-pci").ApplyAsync(cancellationToken: TestContext.Current.CancellationToken);
        Fails(() => host.ShouldBeUnchangedSince(before), $"""
            {host.Open().Source} should be unchanged since its capture, but 3 things have changed:
              0000:01:00.0 driver: e1000e, now vfio-pci
              0000:01:00.0 driver_override: none, now vfio-pci
              0000:01:00.0 network interfaces: enp1s0, now none
            """);
        Fails(() => host.ShouldBeUnchangedSince(few), $"""
            {host.Open().Source} should be unchanged since its capture, but 1 thing has changed:
              0000:01:00.0 driver: e1000e, now vfio-pci
            """);
    }

    [Fact]
    public void A_function_that_is_new_or_gone_is_one_change()
    {
        using var one = TestHost.Intel().WithSoundCard("0000:00:1b.0");
        using var other = TestHost.Intel().WithSoundCard("0000:00:1c.0");

        Fails(() => other.ShouldBeUnchangedSince(one.Open().Capture(CaptureOptions.DevicesOnly)), $"""
            {other.Open().Source} should be unchanged since its capture, but 2 things have changed:
              0000:00:1b.0: present, now none
              0000:00:1c.0: none, now present
            """);
    }

    [Fact]
    public void Xunit_counts_it_as_a_failed_assertion() =>
        Assert.Contains(typeof(PassthroughAssertionException).GetInterfaces(), type => type.Name == "IAssertionException");

    private static void AssignmentPlanIsReturned(Passthrough.Sdk.Assignment.AssignmentPlan plan) => Assert.True(plan.IsRefused);

    private static void Fails(Action action, string message) => Assert.Equal(message.ReplaceLineEndings("\n"), Message(action));

    private static string Message(Action action) => Assert.Throws<PassthroughAssertionException>(action).Message;
}
