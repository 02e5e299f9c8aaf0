using System.Diagnostics;
using Passthrough.Sdk.Drivers.Records;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Files;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Tests.Boot;
using Passthrough.Sdk.Tests.CommandLine;

namespace Passthrough.Sdk.Tests.Files;

/// <summary>A change that may not survive a power failure is an error, and what a killed writer left is removed.</summary>
public sealed class AtomicFileTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("atomic-file");

    public void Dispose() => _directory.Delete(recursive: true);

    [Theory]
    [InlineData(Errno.Success, false)]
    [InlineData(Errno.Invalid, false)]
    [InlineData(Errno.NotSupported, false)]
    [InlineData(Errno.NotFound, false)]
    [InlineData(Errno.IoError, true)]
    [InlineData(Errno.NoSpace, true)]
    [InlineData(Errno.AccessDenied, true)]
    public void A_file_system_that_cannot_sync_a_directory_is_no_failure_and_everything_else_is(int errno, bool isFailure) =>
        Assert.Equal(isFailure, AtomicFile.IsNotDurable(errno));

    [Fact]
    public void The_error_says_that_the_file_was_changed()
    {
        var error = HostFileException.NotDurable("/etc/x", Errno.IoError);
        Assert.True(error.IsChanged);
        Assert.Contains("the file was changed", error.Message, StringComparison.Ordinal);
        Assert.Contains("input/output error", error.Message, StringComparison.Ordinal);
        Assert.False(new HostFileException("/etc/x", "write it", Errno.IoError).IsChanged);
    }

    [Fact]
    public void What_is_said_about_a_record_fits_what_happened_to_it()
    {
        var device = PciAddress.Parse("0000:01:00.0");
        var (written, failed) = (HostFileException.NotDurable("/x", Errno.IoError), new HostFileException("/x", "write it", Errno.IoError));
        Assert.DoesNotContain("cannot record", BindingRecords.NotRecorded(device, written).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing is changed", BindingRecords.NotRecorded(device, written).Message, StringComparison.Ordinal);
        Assert.Contains("cannot record", BindingRecords.NotRecorded(device, failed).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot remove", BindingRecords.NotRemoved("/x", written).Message, StringComparison.Ordinal);
        Assert.Contains("cannot remove", BindingRecords.NotRemoved("/x", failed).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Leftovers_in_and_below_a_directory_are_removed_and_nothing_else()
    {
        var below = _directory.CreateSubdirectory("assigned").FullName;
        var kept = new[] { "entry.json", ".hidden", ".entry.json.passthrough.toolong" }.Select(name => Path.Combine(below, name)).ToArray();
        foreach (var path in kept.Append(Path.Combine(below, ".entry.json.passthrough.aB3xYz")).Append(Path.Combine(_directory.FullName, ".1.json.passthrough.000000")))
        {
            File.WriteAllText(path, "");
        }

        AtomicFile.RemoveAllLeftovers(_directory.FullName);

        Assert.Equal(kept.Order(StringComparer.Ordinal), Directory.GetFiles(_directory.FullName, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    /// <summary>Every second fsync is that of a directory: the real kernel's answer is replaced.</summary>
    [Theory]
    [InlineData("EINVAL", 0)]
    [InlineData("EIO", 3)]
    public async Task A_directory_that_cannot_be_synced_fails_the_plan_only_if_the_disk_fails(string errno, int exitCode)
    {
        Prerequisite.Program("strace", "strace");
        using var tree = Distributions.Make("arch-systemd-boot").With("/etc/kernel/cmdline", "root=PARTUUID=2 rw\n");
        var before = tree.Everything();
        using var process = Process.Start(new ProcessStartInfo(
            "strace", ["-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync", "-e", $"inject=fsync:error={errno}:when=2+2", CommandLineRun.Program, "boot", "apply", "--add", "intel_iommu=on", "--root", tree.Root])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        await output;
        Assert.SkipWhen(errors.Contains("PTRACE", StringComparison.Ordinal), "programs may not be traced here");

        Assert.True(exitCode == process.ExitCode, $"exit code {process.ExitCode}: {errors}");
        if (exitCode != 0)
        {
            Assert.Contains("cannot be synced: input/output error", errors, StringComparison.Ordinal);
            Assert.Equal(before, tree.Everything());
        }
    }
}
