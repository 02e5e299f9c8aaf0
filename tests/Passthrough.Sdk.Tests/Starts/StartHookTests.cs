using System.Diagnostics;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Starts;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.CommandLine;

namespace Passthrough.Sdk.Tests.Starts;

/// <summary>The hook: how it is installed and removed, and what its script answers, asked by a real shell.</summary>
public sealed class StartHookTests : IDisposable
{
    private const string Hook = "/etc/libvirt/hooks/qemu.d/passthrough";
    private const string WithDevice = "<domain type='kvm'>\n  <name>vm1</name>\n  <devices>\n    <hostdev mode='subsystem' type='pci' managed='yes'/>\n  </devices>\n</domain>\n";
    private const string Without = "<domain type='kvm'>\n  <name>vm1</name>\n  <title>a $(touch /tmp/x) `id`</title>\n</domain>\n";

    private readonly FakeHost _fake = FakeHost.Create().AddSystem().AddDirectory("/etc/libvirt").WriteFile("/usr/bin/passthrough", "");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static StartHookOptions Options => new() { Command = ["/usr/bin/passthrough", "hook", "run"] };

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task It_is_installed_and_removed_without_a_trace()
    {
        Assert.Equal(StartHookState.Absent, _fake.Open().ReadStartHook().State);
        var plan = _fake.Open().PlanStartHook(Options);
        Assert.Equal((PlanKind.InstallStartHook, PlanStepKind.WriteStartHook), (plan.Kind, Assert.Single(plan.Steps).Kind));
        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Equal(0b111_101_101, (int)File.GetUnixFileMode(_fake.PathOf(Hook)));
        var status = _fake.Open().ReadStartHook();
        Assert.Equal((StartHookState.InEffect, false, Hook), (status.State, status.IsEdited, status.File)); // no daemon runs
        Assert.Equal(Options.Command, status.Options!.Command);
        Assert.Empty(_fake.Open().PlanStartHook(Options).Steps);
        Assert.Single(_fake.Open().PlanStartHook(Options with { AllowsOnFailure = true }).Steps);

        await _fake.Open().PlanStartHookRemoval().ApplyAsync(cancellationToken: Token);
        Assert.False(Directory.Exists(Path.GetDirectoryName(_fake.PathOf(Hook))));
        Assert.Empty(_fake.Open().PlanStartHookRemoval().Steps);
    }

    [Theory]
    [InlineData(-5, StartHookState.InEffect)] // the hook was there before the daemon
    [InlineData(5, StartHookState.NotInEffect)]
    public async Task A_daemon_calls_only_hooks_that_it_saw_when_it_started(int minutesAfterDaemon, StartHookState state)
    {
        await _fake.Open().PlanStartHook(Options).ApplyAsync(cancellationToken: Token);
        _fake.WriteFile("/run/libvirtd.pid", "417\n").AddDirectory("/proc/417");
        var started = DateTime.UtcNow.AddHours(-1);
        File.SetLastWriteTimeUtc(_fake.PathOf("/run/libvirtd.pid"), started);
        File.SetLastWriteTimeUtc(_fake.PathOf(Hook), started.AddMinutes(minutesAfterDaemon));
        Assert.Equal(state, _fake.Open().ReadStartHook().State);

        // Any other hook of the driver makes the daemon look at each call.
        _fake.WriteFile($"{Hook}.other", "#!/bin/sh\n");
        File.SetUnixFileMode(_fake.PathOf($"{Hook}.other"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.SetLastWriteTimeUtc(_fake.PathOf($"{Hook}.other"), started.AddMinutes(-1));
        Assert.Equal(StartHookState.InEffect, _fake.Open().ReadStartHook().State);
    }

    [Fact]
    public async Task A_hook_without_its_program_is_reported()
    {
        await _fake.Open().PlanStartHook(Options).ApplyAsync(cancellationToken: Token);
        _fake.Remove("/usr/bin/passthrough");
        Assert.Equal(StartHookState.ProgramMissing, _fake.Open().ReadStartHook().State);
    }

    [Theory]
    [InlineData("/usr/bin/passthrough", "libvirtd (enforce)\n", null, true)]
    [InlineData("/usr/local/bin/passthrough", "libvirtd (enforce)\n", null, false)]
    [InlineData("/usr/bin/linked", "libvirtd (enforce)\n", null, false)] // what counts is where the link leads
    [InlineData("/usr/bin/deep/passthrough", "libvirtd (enforce)\n", null, false)]
    [InlineData("/usr/local/bin/passthrough", "libvirtd (enforce)\n", "/usr/local/bin/passthrough PUx,\n", true)]
    [InlineData("/usr/local/bin/passthrough", "unconfined\n", null, true)]
    [InlineData("/usr/local/bin/passthrough", null, null, false)] // no daemon runs: the profile counts
    public async Task A_program_that_AppArmor_keeps_from_libvirt_is_refused(string program, string? confinement, string? local, bool isFine)
    {
        _fake.WriteFile("/sys/module/apparmor/parameters/enabled", "Y\n").WriteFile("/etc/apparmor.d/usr.sbin.libvirtd", "profile libvirtd\n")
            .WriteFile("/usr/local/bin/passthrough", "").WriteFile("/usr/bin/deep/passthrough", "").AddLink("/usr/bin/linked", "/usr/local/bin/passthrough");
        if (confinement is not null)
        {
            _fake.WriteFile("/run/libvirtd.pid", "417\n").WriteFile("/proc/417/attr/current", confinement);
        }

        if (local is not null)
        {
            _fake.WriteFile("/etc/apparmor.d/local/usr.sbin.libvirtd", local);
        }

        var plan = _fake.Open().PlanStartHook(Options with { Command = [program, "hook", "run"] });
        Assert.Equal(!isFine, plan.IsRefused);
        Assert.Equal(!isFine, plan.Findings.Any(finding => finding.Id == FindingIds.StartHookOutOfReach));
        await _fake.Open().PlanStartHook(Options with { Command = [program, "hook", "run"] }, new() { Accepted = [FindingIds.StartHookOutOfReach] }).ApplyAsync(cancellationToken: Token);
        Assert.Equal(!isFine, _fake.Open().ReadStartHook().State == StartHookState.ProgramOutOfReach);
    }

    [Theory]
    [InlineData("#!/bin/sh\necho theirs\n")] // another program's
    [InlineData(null)] // ours, with one more line
    public async Task What_was_not_written_here_is_replaced_or_removed_only_if_this_is_accepted(string? theirs)
    {
        await _fake.Open().PlanStartHook(Options).ApplyAsync(cancellationToken: Token);
        var content = theirs ?? (File.ReadAllText(_fake.PathOf(Hook)) + "# mine\n");
        _fake.WriteFile(Hook, content);
        Assert.True(_fake.Open().ReadStartHook().IsEdited);
        foreach (var plan in new[] { _fake.Open().PlanStartHook(Options), _fake.Open().PlanStartHookRemoval() })
        {
            Assert.Contains(plan.Findings, finding => finding.Id == FindingIds.StartHookEdited);
            await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));
        }

        Assert.Equal(content, File.ReadAllText(_fake.PathOf(Hook)));
        await _fake.Open().PlanStartHookRemoval(new() { Accepted = [FindingIds.StartHookEdited] }).ApplyAsync(cancellationToken: Token);
        Assert.False(File.Exists(_fake.PathOf(Hook)));
    }

    [Theory]
    [InlineData("passthrough")]
    [InlineData("/usr/bin/pass\nthrough")]
    [InlineData]
    public void A_command_that_cannot_be_one_is_an_error_at_once(params string[] command) =>
        Assert.Throws<ArgumentException>(() => _fake.Open().PlanStartHook(new() { Command = [.. command] }));

    [Fact]
    public void A_saved_plan_is_made_again()
    {
        var saved = SavedPlan.Parse(_fake.Open().PlanStartHook(Options with { AllowsOnFailure = true }).ToJson());
        var again = _fake.Open().PlanAgain(saved);
        Assert.Equal((PlanKind.InstallStartHook, 1), (again.Kind, again.Steps.Count));
    }

    [Theory]
    [InlineData("prepare begin", WithDevice, 0, false, 0, "vm1")] // it may
    [InlineData("prepare begin", WithDevice, 1, false, 1, "vm1")] // it may not
    [InlineData("prepare begin", WithDevice, 1, true, 1, "vm1")] // nor where failures are allowed: this is an answer
    [InlineData("prepare begin", WithDevice, 3, false, 1, "vm1")]
    [InlineData("prepare begin", WithDevice, 3, true, 0, "vm1")]
    [InlineData("prepare begin", WithDevice, 134, false, 1, "vm1")] // it crashed
    [InlineData("prepare begin", Without, 1, false, 0, null)] // no device: the program is not called
    [InlineData("prepare begin", Without + "<qemu:commandline/>", 1, false, 1, "vm1")] // arguments for QEMU may name an NVMe disk
    [InlineData("prepare begin", "", 1, false, 1, null)] // the XML did not arrive: nobody knows
    [InlineData("prepare begin", "", 1, true, 0, null)]
    [InlineData("start begin", WithDevice, 1, false, 0, null)]
    [InlineData("release end", WithDevice, 1, false, 0, null)]
    public void The_script_answers(string operation, string xml, int program, bool allows, int expected, string? called)
    {
        var directory = Directory.CreateTempSubdirectory("passthrough-hook-").FullName;
        try
        {
            // A directory with a quote and a blank: they are quoted in the script.
            var tool = Path.Join(Directory.CreateDirectory(Path.Join(directory, "it's a")).FullName, "tool");
            File.WriteAllText(tool, $"#!/bin/sh\necho \"$2\" >'{directory}/called'\ncat >'{directory}/xml'\nexit {program}\n");
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var script = Path.Join(directory, "hook");
            File.WriteAllText(script, StartHookScript.Write(new() { Command = [tool, "run"], AllowsOnFailure = allows }));

            var (code, errors) = Run(script, $"vm1 {operation} -".Split(' '), xml);

            Assert.True(code == expected, $"exit code {code}: {errors}");
            Assert.Equal(called, File.Exists($"{directory}/called") ? File.ReadAllText($"{directory}/called").Trim() : null);
            if (called is not null)
            {
                Assert.Equal(xml.TrimEnd('\n'), File.ReadAllText($"{directory}/xml").TrimEnd('\n'));
            }

            Assert.Equal((called is not null && program > 1) || xml.Length == 0, errors.Contains("the guards could not be asked about the domain vm1", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("-h")]
    [InlineData("a b; id >/tmp/x")]
    public async Task A_domains_name_is_no_option_of_the_program(string name)
    {
        // The program itself, with a device that no machine has.
        var xml = WithDevice.Replace("<hostdev mode='subsystem' type='pci' managed='yes'/>", "<hostdev mode='subsystem' type='pci'><source><address domain='0x0000' bus='0xfe' slot='0x1f' function='0x7'/></source></hostdev>", StringComparison.Ordinal);
        var run = await CommandLineRun.Piped(xml, "hook", "run", "--", name);
        Assert.True(run.ExitCode == 1, $"exit code {run.ExitCode}: {run.Output}{run.Errors}");
        Assert.Contains(FindingIds.DeviceNotFound, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_script_of_a_program_that_is_not_there_refuses()
    {
        var script = Path.GetTempFileName();
        File.WriteAllText(script, StartHookScript.Write(new() { Command = ["/no/such/program"] }));
        var (code, errors) = Run(script, ["vm1", "prepare", "begin", "-"], WithDevice);
        File.Delete(script);
        Assert.Equal(1, code);
        Assert.Contains("/no/such/program ended with exit code 127", errors, StringComparison.Ordinal);
    }

    private static (int Code, string Errors) Run(string script, IEnumerable<string> arguments, string input)
    {
        using var shell = Process.Start(new ProcessStartInfo("sh", [script, .. arguments]) { RedirectStandardInput = true, RedirectStandardError = true })!;
        var errors = shell.StandardError.ReadToEndAsync(Token);
        try
        {
            shell.StandardInput.Write(input);
            shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // It answered before it had read the domain, which it needs for few operations.
        }

        shell.WaitForExit();
        return (shell.ExitCode, errors.Result);
    }
}
