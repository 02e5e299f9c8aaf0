using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Assignment;

/// <summary>SIGINT and SIGTERM while the command line waits for a person, for libvirt, or for a daemon that does not answer at all.</summary>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class SignalTests : IDisposable
{
    private const string Daemon = "$(cat /run/libvirtd.pid)";

    public SignalTests() => Shell.Run("modprobe vfio-pci");

    public void Dispose() => LeftJournal.Clear();

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public void At_the_question_nothing_is_changed(string signal)
    {
        using var vm = LabDomain.Define("asked");
        var before = HostPicture.Of(Device.Nic, vm);
        using var assign = RunningCommand.Start($"assign {Device.Nic} --domain asked");
        assign.WaitFor("Apply this plan?");

        assign.Signal(signal);

        Ended(assign, "nothing was changed");
        Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
    }

    [Fact]
    public void While_libvirtd_does_not_answer_the_program_ends_and_says_so()
    {
        using var vm = LabDomain.Define("hung");
        var before = HostPicture.Of(Device.Nic, vm);
        Shell.Run($"kill -STOP {Daemon}");
        try
        {
            using var assign = RunningCommand.Start($"assign {Device.Nic} --domain hung --yes");
            Thread.Sleep(5000); // it hangs in the connection, whenever it got there
            assign.Signal("TERM");
            Ended(assign, "nothing was changed");
        }
        finally
        {
            Shell.Run($"kill -CONT {Daemon}");
        }

        Assert.Equal(before, HostPicture.Of(Device.Nic, vm));
    }

    [Fact]
    public void In_the_middle_of_a_plan_what_was_done_is_taken_back_or_stays_in_the_journal()
    {
        using var vm = LabDomain.Define("midway");
        vm.Domain.Start();
        var before = HostPicture.Of(Device.Nic, vm);
        using (var assign = RunningCommand.Start($"assign {Device.Nic} --domain midway --yes"))
        {
            assign.WaitFor("done: 1.");
            Shell.Run($"kill -STOP {Daemon}");
            try
            {
                assign.Signal("INT");
                Ended(assign, "recover"); // the daemon does not answer: nobody can tell
            }
            finally
            {
                Shell.Run($"kill -CONT {Daemon}");
            }
        }

        Settle(vm, before);
    }

    [Fact]
    public void A_second_signal_ends_at_once_and_says_that_the_journal_stays()
    {
        using var vm = LabDomain.Define("twice");
        vm.Domain.Start();
        var before = HostPicture.Of(Device.Nic, vm);
        using (var assign = RunningCommand.Start($"assign {Device.Nic} --domain twice --yes"))
        {
            assign.WaitFor("done: 1.");
            Shell.Run($"kill -STOP {Daemon}"); // what was begun cannot be taken back meanwhile
            try
            {
                assign.Signal("INT");
                assign.WaitFor("a second signal ends the program at once");
                assign.Signal("INT");
                Ended(assign, "the journal contains the unfinished plan");
            }
            finally
            {
                Shell.Run($"kill -CONT {Daemon}");
            }
        }

        Settle(vm, before);
    }

    private static void Settle(LabDomain vm, HostPicture before)
    {
        Assert.NotEqual("", HostPicture.Entries());
        vm.Reconnect();
        vm.Domain.Destroy();
        Shell.Run($"{CommandLine.Program} recover");
        Assert.Equal(before with { IsLive = false }, HostPicture.Of(Device.Nic, vm));
    }

    private static void Ended(RunningCommand command, string said)
    {
        var (code, output, errors) = command.WaitForEnd();
        Assert.True(code == 3, $"exit code {code}: {output}{errors}");
        Assert.Contains(said, RunningCommand.OneLineOf(errors), StringComparison.Ordinal);
    }
}
