using Passthrough.Sdk.Kernel;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>When the kernel said something, in each of the ways in which its log is written.</summary>
public sealed class KernelLogTests
{
    [Theory]
    [InlineData("<6>[   12.500000] usb 1-1: new device", 12.5)]
    [InlineData("[12345.250000] usb 1-1: new device", 12345.25)]
    [InlineData("6,339,514000,-;usb 1-1: new device", 0.514)]
    [InlineData("Nov 23 15:37:00 host kernel: [    1.250000] usb 1-1: new device", 1.25)]
    [InlineData("Nov 23 15:37:00 host kernel: usb 1-1: new device", null)]
    [InlineData("[Mon Nov 23 15:37:00 2026] usb 1-1: new device", null)]
    [InlineData("[99999999999999999999] usb 1-1: new device", null)]
    [InlineData("usb 1-1: new device", null)]
    public void A_line_has_its_time_where_the_log_counts_from_the_start(string line, double? seconds)
    {
        var log = KernelLog.Parse(line + "\n");
        Assert.Equal(["usb 1-1: new device"], log.Lines);
        Assert.Equal(seconds is { } value ? TimeSpan.FromSeconds(value) : null, log.TimeOf(0));
    }

    [Theory]
    [InlineData("cpu  1 2 3\nintr 5\nbtime 1764081000\nprocesses 7\n", 1764081000)]
    [InlineData("cpu  1 2 3\n", null)]
    [InlineData("btime soon\n", null)]
    public void The_kernel_says_when_it_was_started(string statistics, int? seconds)
    {
        var started = KernelReader.Read(new MemorySysfs().Add("/proc/stat", statistics)).StartedAt;
        Assert.Equal(seconds is not null, started.IsKnown);
        Assert.Equal(seconds is null, started.IsUnknown);
        Assert.Equal(seconds ?? 0, started.IsKnown ? started.Value.ToUnixTimeSeconds() : 0);
    }
}
