using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Recovery finds the domain of an entry by its UUID, whatever name it has by now.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly DirectoryInfo _journal = Directory.CreateTempSubdirectory("passthrough-journal-");

    public RecoveryTests() => TestDriver.Require();

    public void Dispose() => _journal.Delete(recursive: true);

    [Fact]
    public async Task A_domain_that_was_renamed_is_found()
    {
        using var libvirt = TestDriver.Open();
        using var domain = libvirt.GetDomain("test");

        var outcome = await Recover("before", domain.Uuid, $"<domain type='test'><name>before</name><uuid>{domain.Uuid}</uuid></domain>");

        Assert.Equal(("the domain before is now called test", true), (outcome.Note, outcome.IsComplete));
    }

    [Fact]
    public async Task A_transient_domain_of_the_same_name_with_another_uuid_is_a_stranger()
    {
        var outcome = await Recover("test", Guid.NewGuid(), "");

        Assert.StartsWith("the domain test no longer exists", outcome.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_domain_with_the_uuid_and_the_name_is_found()
    {
        using var libvirt = TestDriver.Open();
        using var domain = libvirt.GetDomain("test");

        Assert.Null((await Recover("test", domain.Uuid, "")).Note);
    }

    private async Task<PlanRecovery> Recover(string name, Guid uuid, string definition)
    {
        var bootId = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", TestContext.Current.CancellationToken)).Trim();
        await File.WriteAllTextAsync(
            Path.Combine(_journal.FullName, "entry.json"),
            $$"""
            {
              "format": 2, "id": "entry", "kind": "Assign", "connection": "{{TestDriver.Uri}}", "domain": "{{name}}", "domainUuid": "{{uuid}}",
              "bootId": "{{bootId}}", "startedAt": "2026-01-01T00:00:00+00:00", "devices": [], "definitionBefore": "{{definition}}", "steps": [], "begun": 0
            }
            """,
            TestContext.Current.CancellationToken);
        var options = new PlanOptions { JournalDirectory = _journal.FullName };
        return Assert.Single(await PassthroughHost.Local().RecoverAsync(uri => LibvirtConnection.Open(uri), options, TestContext.Current.CancellationToken));
    }
}
