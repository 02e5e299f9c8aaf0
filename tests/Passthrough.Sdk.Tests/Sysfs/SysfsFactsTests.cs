using System.IO.Abstractions;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Sysfs;

public sealed class SysfsFactsTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create();

    private FileSystemSysfs Sysfs => new(new FileSystem(), _fake.Root);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_text_is_known_with_its_source()
    {
        _fake.WriteFile("/sys/class/dmi/id/sys_vendor", "A vendor\n");

        Assert.Equal(Fact.Known("A vendor", "/sys/class/dmi/id/sys_vendor"), Sysfs.ReadText("/sys/class/dmi/id/sys_vendor"));
    }

    [Theory]
    [InlineData("/sys/large")]
    [InlineData("/proc/large")]
    public void A_text_larger_than_a_page_is_whole(string path)
    {
        _fake.WriteFile(path, new string('x', 10_000) + "\n");

        Assert.Equal(10_000, Sysfs.ReadText(path).Value!.Length);
    }

    [Fact]
    public void What_is_not_there_is_absent_and_what_is_not_readable_is_unknown()
    {
        var denied = new Denied(Sysfs).ReadLink("/sys/link");

        Assert.True(Sysfs.ReadText("/proc/none").IsAbsent);
        Assert.True(denied.IsUnknown);
        Assert.Equal("permission denied", denied.Reason);
    }

    [Theory]
    [InlineData("12\n", 12L)]
    [InlineData("-1\n", -1L)]
    [InlineData("0xFEE00000\n", 0xfee00000L)]
    public void A_number_is_read_in_the_kernels_forms(string text, long number)
    {
        _fake.WriteFile("/sys/number", text);

        Assert.Equal(number, Sysfs.ReadNumber("/sys/number").Value);
    }

    [Fact]
    public void What_is_no_number_is_unknown_and_not_zero()
    {
        _fake.WriteFile("/sys/number", "none\n");

        var fact = Sysfs.ReadNumber("/sys/number");

        Assert.True(fact.IsUnknown);
        Assert.Contains("'none'", fact.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_gives_the_last_name_of_its_target()
    {
        _fake.AddLink("/sys/driver", "../../bus/pci/drivers/vfio-pci");

        Assert.Equal("vfio-pci", Sysfs.ReadLinkName("/sys/driver").Value);
    }

    [Fact]
    public void Names_come_in_order()
    {
        _fake.WriteFile("/etc/b", "").WriteFile("/etc/a", "");

        Assert.Equal(["a", "b"], Sysfs.List("/etc").Value);
    }

    private sealed class Denied(ISysfs inner) : DelegatingSysfs(inner)
    {
        public override int TryReadLink(string path, out string target)
        {
            target = "";
            return Errno.AccessDenied;
        }
    }
}
