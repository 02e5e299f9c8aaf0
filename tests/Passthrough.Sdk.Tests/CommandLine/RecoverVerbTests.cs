using System.Diagnostics;
using System.Text.Json;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Plans.Journal;

namespace Passthrough.Sdk.Tests.CommandLine;

/// <summary>What <c>passthrough recover --json</c> promises to scripts. The journal is that of a mount namespace of its own.</summary>
public sealed class RecoverVerbTests : IDisposable
{
    private static readonly string[] Names = ["journalFile", "kind", "domain", "domains", "devices", "startedAt", "complete", "notUndone", "problem", "note"];

    private readonly DirectoryInfo _entries = Directory.CreateTempSubdirectory("recover");

    public void Dispose() => _entries.Delete(recursive: true);

    [Fact]
    public async Task An_empty_journal_is_an_empty_array()
    {
        var run = await Recover();
        Assert.Equal((0, "[]\n", ""), (run.ExitCode, run.Output, run.Errors));
    }

    [Fact]
    public async Task Each_entry_is_an_object_with_what_was_done()
    {
        var nic = PciAddress.Parse("0000:01:00.0");
        Keep("1", "/var/lib/rules/undone", "none of it was written");
        Keep("2", "/var/lib/rules/changed", "ours");
        File.WriteAllText(Path.Combine(_entries.FullName, "3.json"), "{");

        var run = await Recover();

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("2 of 3 unfinished plans", run.Errors, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(run.Output);
        var all = json.RootElement.EnumerateArray().ToDictionary(each => Path.GetFileNameWithoutExtension(each.GetProperty("journalFile").GetString()!), StringComparer.Ordinal);
        Assert.All(all.Values, each => Assert.Equal(Names, each.EnumerateObject().Select(property => property.Name)));
        Assert.True(all["1"].GetProperty("complete").GetBoolean());
        Assert.Equal(("persist", nic.ToString()), (all["1"].GetProperty("kind").GetString(), all["1"].GetProperty("devices")[0].GetString()));
        Assert.Equal(DateTimeOffset.UnixEpoch, all["1"].GetProperty("startedAt").GetDateTimeOffset());
        Assert.Contains("rebooted", all["1"].GetProperty("note").GetString(), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, all["1"].GetProperty("domain").ValueKind);

        var left = Assert.Single(all["2"].GetProperty("notUndone").EnumerateArray());
        Assert.Equal((1, "write it"), (left.GetProperty("step").GetInt32(), left.GetProperty("description").GetString()));
        Assert.Contains("another program", left.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.False(all["2"].GetProperty("complete").GetBoolean());

        Assert.Equal(JsonValueKind.Null, all["3"].GetProperty("kind").ValueKind);
        Assert.Contains("unreadable", all["3"].GetProperty("problem").GetString(), StringComparison.Ordinal);

        void Keep(string id, string path, string after)
        {
            var entry = new JournalEntry
            {
                Id = id,
                Kind = PlanKind.Persist,
                StartedAt = DateTimeOffset.UnixEpoch,
                BootId = "another boot",
                Identities = [],
                LiveBefore = [],
                Begun = 1,
                Steps = [new(1, PlanStepKind.WriteRuleFile, nic, "write it", "remove it", "true")],
                Devices = [new(nic, null, "")],
                Changes = [new(PlanStepKind.WriteRuleFile, nic, path, null, after)],
            };
            File.WriteAllBytes(Path.Combine(_entries.FullName, id + ".json"), JsonSerializer.SerializeToUtf8Bytes(entry, JournalJson.Default.JournalEntry));
        }
    }

    private async Task<CommandLineRun> Recover()
    {
        Prerequisite.Root();
        Prerequisite.Program("unshare", "util-linux");
        const string Script = "mount -t tmpfs tmpfs /var/lib && mkdir -p /var/lib/passthrough/journal /var/lib/rules && echo theirs >/var/lib/rules/changed "
            + "&& cp \"$1\"/* /var/lib/passthrough/journal/ 2>/dev/null; mountpoint -q /var/lib || exit 99; exec \"$2\" recover --json";
        using var process = Process.Start(new ProcessStartInfo("unshare", ["-m", "sh", "-c", Script, "sh", _entries.FullName, CommandLineRun.Program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(process.ExitCode == 99 || errors.Contains("unshare", StringComparison.Ordinal), "a mount namespace cannot be made here");
        return new(process.ExitCode, await output, errors);
    }
}
