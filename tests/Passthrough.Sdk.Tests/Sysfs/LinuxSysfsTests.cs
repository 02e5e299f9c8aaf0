using System.Diagnostics;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Sysfs;

public sealed class LinuxSysfsTests : SysfsContract
{
    private protected override ISysfs Open(string root)
    {
        var errno = LinuxSysfs.TryOpen(root, out var sysfs);
        Assert.SkipWhen(errno is Errno.NotImplemented or Errno.NotPermitted, "this kernel or sandbox has no openat2");
        Assert.Equal(Errno.Success, errno);
        return sysfs!;
    }

    [Fact]
    public void A_root_that_is_not_there_is_an_errno()
    {
        Assert.Equal(Errno.NotFound, LinuxSysfs.TryOpen("/nowhere/at/all", out var sysfs));
        Assert.Null(sysfs);
    }

    [Fact]
    public void The_machines_own_files_are_read()
    {
        Assert.Equal(Errno.Success, LinuxSysfs.TryOpen("/", out var sysfs));

        Assert.Equal("Linux", sysfs!.ReadText("/proc/sys/kernel/ostype").Value);
    }

    [Fact]
    public void A_named_pipe_holds_nobody_up()
    {
        using var fake = FakeHost.Create();
        using var mkfifo = Process.Start("mkfifo", [fake.PathOf("/etc/pipe")]);
        mkfifo.WaitForExit();

        Assert.Equal(Errno.Success, Open(fake.Root).TryRead("/etc/pipe", stackalloc byte[8], out var length));
        Assert.Equal(0, length);
    }
}
