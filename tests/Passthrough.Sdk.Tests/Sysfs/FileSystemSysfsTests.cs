using System.IO.Abstractions;
using System.IO.Abstractions.TestingHelpers;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Tests.Sysfs;

public sealed class FileSystemSysfsTests : SysfsContract
{
    private protected override ISysfs Open(string root) => new FileSystemSysfs(new FileSystem(), root);

    [Fact]
    public void A_file_system_made_of_nothing_is_read()
    {
        var files = new MockFileSystem();
        files.AddFile("/fake/proc/cmdline", new MockFileData("quiet\n"));

        var cmdline = new FileSystemSysfs(files, "/fake").ReadText("/proc/cmdline");

        Assert.Equal("quiet", cmdline.Value);
        Assert.Equal("/proc/cmdline", cmdline.Source);
    }

    [Fact]
    public void The_machines_own_files_are_read() =>
        Assert.Equal("Linux", new FileSystemSysfs(new FileSystem(), "/").ReadText("/proc/sys/kernel/ostype").Value);
}
