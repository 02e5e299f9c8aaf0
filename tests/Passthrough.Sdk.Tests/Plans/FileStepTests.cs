using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Changes;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Tests.Host;

namespace Passthrough.Sdk.Tests.Plans;

/// <summary>A step that writes one file: the file, its directory, and the undo of both.</summary>
public sealed class FileStepTests : IDisposable
{
    private const string Name = "/etc/some/rule";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("passthrough-step-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => Path.Join(_root.FullName, "etc/some");

    private string File => Path.Join(_root.FullName, Name);

    private ChangeContext Context => new(new AwaitedSysfs(new MemorySysfs()), _root.FullName, RunsCommands: false, _ => [], new PlanOptions(), TimeProvider.System);

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task A_file_and_its_directory_are_created_and_removed_again()
    {
        var step = new Step(owns: true);
        await step.ApplyAsync(New, Context, Token);
        Assert.Equal("text", await System.IO.File.ReadAllTextAsync(File, Token));
        await step.UndoAsync(New, Context);
        Assert.False(Directory.Exists(Folder));
        Assert.Equal(2, step.Changed);
    }

    [Fact]
    public async Task A_directory_that_another_program_uses_stays()
    {
        var step = new Step(owns: true);
        await step.ApplyAsync(New, Context, Token);
        await System.IO.File.WriteAllTextAsync(Path.Join(Folder, "other"), "", Token);
        await step.UndoAsync(New, Context);
        Assert.Equal([Path.Join(Folder, "other")], Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_directory_that_is_not_the_steps_own_stays()
    {
        Directory.CreateDirectory(Folder);
        var step = new Step(owns: false);
        await step.ApplyAsync(New, Context, Token);
        await step.UndoAsync(New, Context);
        Assert.True(Directory.Exists(Folder));
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_created_is_named()
    {
        await System.IO.File.WriteAllTextAsync(Path.Join(_root.FullName, "etc"), "", Token);
        var error = await Assert.ThrowsAsync<PassthroughException>(() => new Step(owns: true).ApplyAsync(New, Context, Token));
        Assert.StartsWith("/etc/some cannot be created: ", error.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(error.InnerException);
    }

    [Fact]
    public async Task A_cancelled_step_writes_nothing()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => new Step(owns: true).ApplyAsync(New, Context, new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(Folder));
    }

    [Fact]
    public void The_undo_of_a_new_file_removes_it_and_that_of_another_restores_it()
    {
        var step = new Step(owns: true);
        Assert.Equal($"remove {Name}", step.Describe(1, New).Undo);
        Assert.Equal($"restore {Name}", step.Describe(1, New with { Before = "old" }).Undo);
        Assert.Equal((true, true, false), (step.OutlivesBoot, step.NamesSubject, step.TakesDevice));
    }

    [Fact]
    public void A_host_that_is_no_directory_has_its_paths_as_they_are()
    {
        Assert.Equal(File, Context.PathOf(Name));
        Assert.Equal(Name, (Context with { Directory = "/" }).PathOf(Name));
    }

    [Fact]
    public void A_step_of_a_newer_version_is_named()
    {
        var error = Assert.Throws<PassthroughException>(() => new ChangeSteps(new Step(owns: true)).For(PlanStepKind.ResetDevice));
        Assert.Contains("ResetDevice", error.Message, StringComparison.Ordinal);
    }

    private static HostChange New => new(PlanStepKind.WriteRuleFile, null, Name, null, "text");

    private sealed class Step(bool owns) : WriteFile
    {
        public int Changed { get; private set; }

        public override PlanStepKind Kind => PlanStepKind.WriteRuleFile;

        protected override bool CreatesDirectory => owns;

        protected override bool RemovesDirectory => owns;

        protected override string WordsFor(HostChange change) => "";

        protected override string CommandFor(HostChange change) => "";

        protected override Task ChangedAsync(ChangeContext context)
        {
            Changed++;
            return Task.CompletedTask;
        }
    }
}
