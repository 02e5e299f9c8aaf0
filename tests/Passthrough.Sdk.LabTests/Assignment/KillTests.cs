using System.Diagnostics;
using System.Globalization;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Pci;

namespace Passthrough.LabTests.Assignment;

/// <summary>
/// <c>assign</c> and <c>release</c> get a signal at a random moment: after <c>recover</c> the host is as before, or what could not
/// be taken back is named with its reason. The moments are seeded parts of the time that the same command took undisturbed just
/// before, so that most hit its middle on whichever machine.
/// </summary>
/// <remarks>
/// A stopped domain is part of every full test; a kill in the plug of a running guest is in UnfinishedTests. The whole matrix takes an hour and is explicit; inside the lab's host, after
/// tests/lab/services: <c>Passthrough.Sdk.LabTests -explicit only -class "*KillTests"</c>. PASSTHROUGH_KILLS chooses the moments,
/// <c>10</c> for all ten or <c>3-5</c> for some. The rows are written to /out/kills.md.
/// </remarks>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class KillTests : IDisposable
{
    private const string Name = "victim";

    private static readonly string[] Signals = ["INT", "TERM", "KILL"];

    public KillTests() => Shell.Run("modprobe vfio-pci");

    public void Dispose() => LeftJournal.Clear();

    [Fact]
    public void A_stopped_domain_is_as_before_or_done()
    {
        using var vm = LabDomain.Define(Name);
        foreach (var verb in new[] { "assign", "release" })
        {
            Prepare(vm, "stopped", verb);
            var length = Measure(verb);
            foreach (var (i, signal) in Signals.Index())
            {
                Prepare(vm, "stopped", verb);
                Try(vm, "stopped", verb, signal, Moment(i) * length);
            }
        }

        Shell.Run($"{CommandLine.Program} release {Device.Nic} --domain {Name}");
        Assert.Equal("e1000e", Device.DriverOf(Device.Nic));
    }

    [Theory(Explicit = true)]
    [InlineData("assign")]
    [InlineData("release")]
    public void Stopped_domains(string verb) => All("stopped", verb);

    [Fact(Explicit = true)]
    public void Assignments_to_a_guest_that_does_not_answer() => All("silent", "assign");

    [Fact(Explicit = true)]
    public void Releases_from_a_guest_that_does_not_answer() => All("silent", "release");

    [Fact(Explicit = true)]
    public void Assignments_to_a_guest_that_answers() => All("answering", "assign");

    [Fact(Explicit = true)]
    public void Releases_from_a_guest_that_answers() => All("answering", "release");

    private static void All(string guest, string verb)
    {
        var (first, last) = (Environment.GetEnvironmentVariable("PASSTHROUGH_KILLS") ?? "10").Split('-') is [var from, var to]
            ? (Number(from), Number(to))
            : (0, Number(Environment.GetEnvironmentVariable("PASSTHROUGH_KILLS") ?? "10") - 1);
        using var vm = Define(guest);
        Prepare(vm, guest, verb);
        var length = Measure(verb);
        for (var i = first; i <= last; i++)
        {
            foreach (var signal in Signals)
            {
                Prepare(vm, guest, verb);
                Try(vm, guest, verb, signal, Moment(i) * length);
            }
        }
    }

    // The same parts of the time for every combination, so that a row can be seen again.
    private static double Moment(int index)
    {
        var random = new Random(2026);
        var moment = random.NextDouble();
        for (var i = 0; i < index; i++)
        {
            moment = random.NextDouble();
        }

        return moment;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static TimeSpan Measure(string verb)
    {
        var start = Stopwatch.StartNew();
        using var command = RunningCommand.Start(Arguments(verb));
        command.WaitForEnd(); // a guest that does not answer ends it with a failure; that takes its time, too
        return start.Elapsed;
    }

    private static string Arguments(string verb) => $"{verb} {Device.Nic} --domain {Name}{(verb == "assign" ? " --yes" : "")}";

    private static LabDomain Define(string guest)
    {
        if (guest == "answering")
        {
            Shell.Run($"{Repository.PathOf("tests/lab/proof/define")} {Name}");
            return LabDomain.Find(Name);
        }

        return LabDomain.Define(Name);
    }

    // Before a release the domain has the device; before an assignment it does not.
    private static void Prepare(LabDomain vm, string guest, string verb)
    {
        var has = vm.Definition.Contains("<hostdev", StringComparison.Ordinal);
        if (verb == "assign" && has)
        {
            var isReleased = guest == "answering" && Shell.Try($"{CommandLine.Program} {Arguments("release")}").Code == 0;
            if (!isReleased)
            {
                if (vm.Domain.IsActive())
                {
                    vm.Domain.Destroy();
                }

                Shell.Run($"{CommandLine.Program} {Arguments("release")}");
            }
        }
        else if (verb == "release" && !has)
        {
            Run(vm, guest);
            Shell.Run($"{CommandLine.Program} {Arguments("assign")}");
        }

        Run(vm, guest);
    }

    private static void Run(LabDomain vm, string guest)
    {
        if (guest == "stopped" || vm.Domain.IsActive())
        {
            return;
        }

        if (guest == "answering")
        {
            Shell.Run($": >/run/lab/{Name}.log");
        }

        vm.Domain.Start();
        if (guest == "answering")
        {
            Shell.Run($"for i in $(seq 600); do grep -q 'guest is up' /run/lab/{Name}.log && exit 0; sleep 0.5; done; exit 1");
        }
    }

    private static void Try(LabDomain vm, string guest, string verb, string signal, TimeSpan moment)
    {
        var what = string.Create(CultureInfo.InvariantCulture, $"{guest} | {verb} | SIG{signal} | {moment.TotalMilliseconds:0} ms");
        var before = HostPicture.Of(Device.Nic, vm);
        int code;
        string said;
        using (var command = RunningCommand.Start(Arguments(verb)))
        {
            var start = Stopwatch.StartNew();
            while (start.Elapsed < moment && !command.HasEnded)
            {
                Thread.Sleep(1);
            }

            command.Signal(signal);
            (code, var output, var errors) = command.WaitForEnd();
            said = output + errors;
            RunningCommand.OneLineOf(errors);
        }

        var left = HostPicture.Entries().Length > 0;
        var recovered = Shell.Try($"{CommandLine.Program} recover");
        var outcome = left ? "undone by `recover`" : "nothing was left";
        var details = $"exit code {code}: {said}{recovered.Output}{recovered.Errors}\nbefore {before}";
        if (recovered.Code != 0)
        {
            Assert.True(recovered.Output.Contains("left: ", StringComparison.Ordinal) || recovered.Output.Contains("not undone: ", StringComparison.Ordinal), $"{what}: {details}");
            Assert.NotEqual("", HostPicture.Entries());
            vm.Domain.Destroy(); // the way out that was named
            var again = Shell.Try($"{CommandLine.Program} recover");
            Assert.True(again.Code == 0, $"{what}: exit code {again.Code}: {again.Output}{again.Errors}");
            outcome = "named, and undone by `recover` after the guest was shut down";
        }

        var after = HostPicture.Of(Device.Nic, vm);
        details += $"\nafter {after}";
        Assert.Equal("", after.Journal);
        if (after.Definition != before.Definition)
        {
            // The plan had come to its end: all of it is done.
            outcome = "done";
            var isAssigned = verb == "assign";
            Assert.True(
                after.Definition.Contains("<hostdev", StringComparison.Ordinal) == isAssigned
                && after.IsLive == (isAssigned && vm.Domain.IsActive())
                && after.Driver == (after.IsLive ? "vfio-pci" : "e1000e"),
                $"{what}: {details}");
        }
        else if (vm.Domain.IsActive() || guest == "stopped")
        {
            Assert.True(after == before, $"{what}: {details}");
        }
        else
        {
            // The guest was shut down, as was asked for: the host has the device.
            Assert.True(!after.IsLive && after.Driver == "e1000e" && after.DriverOverride == "(null)", $"{what}: {details}");
        }

        if (Directory.Exists("/out"))
        {
            File.AppendAllText("/out/kills.md", string.Create(CultureInfo.InvariantCulture, $"| {what} | {code} | {outcome} |\n"));
        }
    }
}
