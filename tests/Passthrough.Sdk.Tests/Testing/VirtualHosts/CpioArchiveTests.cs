using System.Diagnostics;
using System.Text;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing.VirtualHosts;

/// <summary>The archive that the kernel unpacks as its first root.</summary>
public sealed class CpioArchiveTests
{
    [Fact]
    public void An_archive_is_what_the_format_says_byte_for_byte()
    {
        using var stream = new MemoryStream();
        var archive = new CpioArchive(stream);
        archive.AddDirectory("bin");
        archive.AddFile("bin/a", "12345"u8);
        archive.Complete();

        Assert.Equal(
            "07070100000001000041ED0000000000000000000000010000000000000000000000000000000000000000000000000000000400000000bin\0\0\0"
            + "07070100000002000081ED0000000000000000000000010000000000000005000000000000000000000000000000000000000600000000bin/a\0"
            + "12345\0\0\0"
            + "07070100000003000000000000000000000000000000010000000000000000000000000000000000000000000000000000000B00000000TRAILER!!!\0\0\0\0",
            Encoding.ASCII.GetString(stream.ToArray()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(70000)]
    public async Task Another_program_unpacks_what_was_written(int length)
    {
        Prerequisite.Program("busybox", "busybox-static");
        var content = new byte[length];
        new Random(length).NextBytes(content);
        var folder = Directory.CreateTempSubdirectory("passthrough-cpio-");
        try
        {
            await using (var file = File.Create(Path.Combine(folder.FullName, "archive")))
            {
                var archive = new CpioArchive(file);
                archive.AddDirectory("ü");
                archive.AddFile("ü/content", content);
                archive.AddFile("last", "x"u8);
                archive.Complete();
            }

            using var process = Process.Start(new ProcessStartInfo("busybox", ["cpio", "-i", "-F", "archive"]) { WorkingDirectory = folder.FullName, RedirectStandardError = true })!;
            await process.WaitForExitAsync();

            Assert.Equal(0, process.ExitCode);
            Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(folder.FullName, "ü/content")));
            Assert.True(File.GetUnixFileMode(Path.Combine(folder.FullName, "last")).HasFlag(UnixFileMode.OtherExecute));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void Misuse_is_an_error()
    {
        var archive = new CpioArchive(new MemoryStream());
        Assert.Throws<ArgumentException>(() => archive.AddDirectory("/bin"));
        archive.Complete();
        Assert.Throws<InvalidOperationException>(() => archive.AddDirectory("bin"));
    }
}
