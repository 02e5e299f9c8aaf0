using System.Globalization;
using System.Text;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Plans;

namespace Passthrough.LabTests.Faults;

/// <summary>
/// A command is killed with SIGKILL immediately before each of its system calls that changes something outside it
/// (tests/lab/faults/killat.c): after <c>recover</c>, the host is as before the command, or as after it. A desired state may have been
/// reached in part: then the next apply does the rest. Of messages that follow each other, most of them queries, every fifth is a point.
/// fsync and flock are none: what they change does not outlive, or does not concern, a process that is killed.
/// </summary>
/// <remarks>
/// Explicit, since it takes long: inside the lab's host, after tests/lab/services,
/// <c>Passthrough.Sdk.LabTests -explicit only -class "*SystemCallKillTests"</c>; the rows are written to /out/system-calls.md.
/// With KILLED=persist+add,release in the environment, only commands that begin with one of these words are run, with KILLED_FROM=80 only
/// the points from the 80th call on.
/// </remarks>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class SystemCallKillTests : IDisposable
{
    private const string Program = "/run/killat";
    private const string Rows = "/out/system-calls.md";
    private const string Kept = "/var/lib/passthrough/"; // the first call about it is the first that may change something
    private const int Queries = 15; // of the calls before it, every so many
    private const string Two = "0000:01:00.0 0000:00:1b.0";
    private const string Stated = "/run/stated.json";
    private const string Opposite = "/run/opposite.json";
    private const int Messages = 5; // of messages over sockets that follow each other, most of them queries, every so many

    public SystemCallKillTests()
    {
        Shell.Run($"modprobe vfio-pci; [ -x {Program} ] || gcc -O1 -o {Program} {Repository.PathOf("tests/lab/faults/killat.c")}");
        Shell.Run("echo 0 > /sys/bus/pci/devices/0000:02:00.0/sriov_drivers_autoprobe");
        File.WriteAllText(Stated, """
            {
              "version": 1,
              "devices": [ { "select": { "address": "0000:01:00.0", "vendor": "8086", "device": "10d3" } } ],
              "virtualFunctions": [ { "select": { "address": "0000:02:00.0", "class": "010802" }, "count": 2, "probeDrivers": false } ],
              "hook": {}
            }
            """);
        File.WriteAllText(Opposite, """
            {
              "version": 1,
              "devices": [ { "select": { "address": "0000:01:00.0", "vendor": "8086", "device": "10d3" }, "ensure": "absent" } ],
              "virtualFunctions": [ { "select": { "address": "0000:02:00.0", "class": "010802" }, "count": 0, "probeDrivers": false } ],
              "hook": { "ensure": "absent" }
            }
            """);
    }

    /// <summary>The commands, with those that bring the host into the state before and back to that of the beginning.</summary>
    public static TheoryData<string, string, string> Commands => new()
    {
        { "bind 0000:01:00.0", "", "unbind 0000:01:00.0" },
        { "bind 0000:04:01.0 0000:04:02.0", "", "unbind 0000:04:01.0 0000:04:02.0" },
        { "unbind 0000:01:00.0", "bind 0000:01:00.0", "unbind 0000:01:00.0" },
        { "vf 0000:02:00.0 2", "", "vf 0000:02:00.0 0" },
        { "vf 0000:02:00.0 3", "vf 0000:02:00.0 2", "vf 0000:02:00.0 0" },
        { "persist add 0000:01:00.0", "", "persist remove 0000:01:00.0" },
        { "persist remove 0000:01:00.0", "persist add 0000:01:00.0", "persist remove 0000:01:00.0" },
        { "hook install", "", "hook remove" },
        { $"assign {Two} --domain victim --yes", "", $"release {Two} --domain victim" },
        { $"release {Two} --domain victim", $"assign {Two} --domain victim --yes", $"release {Two} --domain victim" },
        { $"{Together("assign")} --yes", "", Together("release") },
        { Together("release"), $"{Together("assign")} --yes", Together("release") },
        { $"state apply {Stated}", "", $"state apply {Opposite}" },
    };

    public void Dispose() => LeftJournal.Clear();

    private static string Together(string verb) => $"{verb} 0000:01:00.0 --domain victim --also other=0000:00:1b.0";

    [Theory(Explicit = true)]
    [MemberData(nameof(Commands))]
    public void Every_point(string command, string before, string after)
    {
        var only = Environment.GetEnvironmentVariable("KILLED");
        Assert.SkipUnless(only is null || only.Split(',').Any(word => command.StartsWith(word.Replace('+', ' '), StringComparison.Ordinal)), $"only {only}");
        using var vm = LabDomain.Define("victim", devices: "<controller type='pci' model='pcie-to-pci-bridge'/>");
        using var other = LabDomain.Define("other", devices: "<controller type='pci' model='pcie-to-pci-bridge'/>");
        Prepare(before, after);
        var start = State();
        var whole = Kill(0, command);
        Assert.True(whole.Code == 0, $"{command}: exit code {whole.Code}: {whole.Said}");
        var end = State();
        Assert.NotEqual(start, end);
        var calls = CallsIn(whole.Said);
        var first = calls.FindIndex(call => call.Contains(Kept, StringComparison.Ordinal)) + 1;
        Assert.True(first > 0 && calls.Count - first > 3, $"{command}: {string.Join('\n', calls)}");
        Note($"| `{command}` | {calls.Count} calls, the first that changes something is {first} | {Name(calls[first - 1])} | |");
        var now = end;
        var from = int.Parse(Environment.GetEnvironmentVariable("KILLED_FROM") ?? "1", CultureInfo.InvariantCulture);
        foreach (var at in Points(calls, first).Where(at => at >= from))
        {
            if (now != start)
            {
                Prepare(before, after);
                Assert.Equal(start, State());
            }

            var killed = Kill(at, command);
            var what = $"{command}, killed before call {at} of {calls.Count} ({killed.Where})";
            if (killed.Code == 0 && killed.Count < at)
            {
                now = end;
                continue; // the number of queries differs a little from run to run, and this one ended before
            }

            Assert.True(killed.Code == 137, $"{what}: exit code {killed.Code}: {killed.Said}");
            var left = HostPicture.Entries().Length > 0;
            Recover(what);
            if (left)
            {
                Recover(what); // the second time has nothing to do
            }

            now = State();
            var became = now == end ? left ? "finished by `recover`" : "done" : left ? "undone by `recover`" : "nothing had begun";
            if (now != start && now != end && command.StartsWith("state", StringComparison.Ordinal))
            {
                // Its plans are whole one by one: those before stay, and the next apply does the rest.
                Shell.Run($"{CommandLine.Program} {command}");
                (now, became) = (State(), $"{(left ? "one plan undone by `recover`" : "some plans done")}, the rest done by the next apply");
            }

            Assert.True(now == start || now == end, $"{what}: {killed.Said}\n{Difference(start, now)}");
            Note($"| `{command}` | {at} of {calls.Count} | {killed.Where} | {became} |");
        }

        Prepare("", after);
    }

    /// <summary>The plans that write only files: every call fails once with each of these errors.</summary>
    [Theory(Explicit = true)]
    [InlineData("persist add 0000:01:00.0", "", "persist remove 0000:01:00.0")]
    [InlineData("persist remove 0000:01:00.0", "persist add 0000:01:00.0", "persist remove 0000:01:00.0")]
    [InlineData("hook install", "", "hook remove")]
    [InlineData("hook remove", "hook install", "hook remove")]
    public void Every_call_fails_once(string command, string before, string after)
    {
        using var vm = LabDomain.Define("victim");
        Prepare(before, after);
        var start = State();
        var whole = Kill(0, command);
        Assert.True(whole.Code == 0, $"{command}: exit code {whole.Code}: {whole.Said}");
        var end = State();
        Prepare(before, after);
        var calls = CallsIn(whole.Said);
        var first = calls.FindIndex(call => call.Contains(Kept, StringComparison.Ordinal)) + 1;
        var (cases, refused) = (0, 0);
        foreach (var at in Points(calls, first).Where(at => at >= first && !calls[at - 1].Contains(" socket:", StringComparison.Ordinal)))
        {
            foreach (var (error, name) in new[] { (5, "EIO"), (28, "ENOSPC"), (1, "EPERM"), (16, "EBUSY") })
            {
                var failed = Kill(at, command, error);
                var what = $"{command}, call {at} of {calls.Count} failed with {name} ({calls[at - 1]}): exit code {failed.Code}: {failed.Said}";
                Assert.True(failed.Code is 0 or 1 or 3, what);
                Recover(what);
                if (failed.Code == 0 && calls[at - 1].Contains(" rmdir ", StringComparison.Ordinal))
                {
                    Shell.Run("rmdir /etc/libvirt/hooks/qemu.d"); // the plan is done, and an empty directory may stay
                }

                var now = State();
                Assert.True(now == (failed.Code == 0 ? end : start), $"{what}\n{Difference(failed.Code == 0 ? end : start, now)}");
                (cases, refused) = (cases + 1, refused + (failed.Code == 0 ? 0 : 1));
                if (now != start)
                {
                    Prepare(before, after);
                }
            }
        }

        Note($"| `{command}` | {cases} cases | {refused} ended with an error, and everything was as before | |");
        Prepare("", after);
    }

    private static List<string> CallsIn(string said) => [.. said.Split('\n').Where(line => line.StartsWith("killat ", StringComparison.Ordinal)).SkipLast(1)];

    // Numbers from 1.
    private static IEnumerable<int> Points(List<string> calls, int first)
    {
        var messages = 0;
        for (var at = 1; at <= calls.Count; at++)
        {
            messages = calls[at - 1].Contains(" socket:", StringComparison.Ordinal) ? messages + 1 : 0;
            // A process that is killed leaves the same files whether they were synced or not, and no lock.
            var isChange = calls[at - 1].Split(' ')[2] is not ("fsync" or "fdatasync" or "flock");
            if (!isChange)
            {
                continue;
            }

            if (at < first ? at % Queries == 1 : messages == 0 || messages % Messages == 1)
            {
                yield return at;
            }
        }
    }

    private static void Prepare(string before, string after)
    {
        // What ended in the state after the command goes back first; where nothing is to be done, this does nothing.
        Shell.Run($"{CommandLine.Program} {after}");
        if (before.Length > 0)
        {
            Shell.Run($"{CommandLine.Program} {before}");
        }
    }

    private static void Recover(string what)
    {
        var (code, output, errors) = Shell.Try($"{CommandLine.Program} recover");
        Assert.True(code == 0, $"{what}: recover: exit code {code}: {output}{errors}");
        Assert.Equal("", HostPicture.Entries());
    }

    private static (int Code, int Count, string Where, string Said) Kill(int at, string command, int error = 0)
    {
        var (code, output, errors) = Shell.Try(string.Create(CultureInfo.InvariantCulture, $"{Program} {at}{(error == 0 ? "" : $"={error}")} {CommandLine.Program} {command}"));
        var last = errors.TrimEnd('\n').Split('\n')[^1];
        return last.Split(' ', 4) is ["killat", var count, _, _]
            ? (code, int.Parse(count, CultureInfo.InvariantCulture), Name(last), output + errors)
            : throw new InvalidOperationException($"{command}: {output}{errors}");
    }

    // "killat 12 openat /a/b": the call and its file, without what differs from run to run.
    private static string Name(string line)
    {
        var words = line.Split(' ', 4);
        var path = words[3].StartsWith("socket:", StringComparison.Ordinal) ? "a socket" : words[3];
        return $"`{words[2]}` {path}";
    }

    // Read by ourselves: drivers and overrides of all functions, numbers of virtual functions and whether drivers take them,
    // definitions, udev's rules, libvirt's hooks, and what is kept beside the journal.
    private static string State()
    {
        Shell.Try("udevadm settle --timeout=20");
        var text = new StringBuilder();
        foreach (var device in Directory.GetDirectories("/sys/bus/pci/devices").Order(StringComparer.Ordinal))
        {
            var driver = new FileInfo($"{device}/driver").LinkTarget;
            var numbers = File.Exists($"{device}/sriov_numvfs") ? File.ReadAllText($"{device}/sriov_numvfs").Trim() : "";
            var taken = File.Exists($"{device}/sriov_drivers_autoprobe") ? File.ReadAllText($"{device}/sriov_drivers_autoprobe").Trim() : "";
            text.Append(CultureInfo.InvariantCulture, $"{Path.GetFileName(device)} {Path.GetFileName(driver)} {File.ReadAllText($"{device}/driver_override").Trim()} {numbers} {taken}\n");
        }

        return text.Append(Shell.Run("for domain in $(virsh list --all --name); do virsh dumpxml --inactive $domain; done; ls -A /etc/udev/rules.d; cat /etc/udev/rules.d/* 2>/dev/null || true; ls -lAR --time-style=+ /etc/libvirt/hooks; cat /etc/libvirt/hooks/*/* 2>/dev/null || true; ls -A /var/lib/passthrough/assigned 2>/dev/null || true")).ToString();
    }

    private static string Difference(string before, string now) =>
        $"- {string.Join("\n- ", before.Split('\n').Except(now.Split('\n')))}\n+ {string.Join("\n+ ", now.Split('\n').Except(before.Split('\n')))}";

    private static void Note(string row)
    {
        if (Directory.Exists("/out"))
        {
            File.AppendAllText(Rows, row + "\n");
        }
    }
}
