using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Host;

public sealed class CaptureTests : IDisposable
{
    private readonly FakeHost _fake = FakeHost.Create().AddSystem().AddPciDevice("0000:01:00.0", iommuGroup: 9).AddPciDevice("0000:02:00.0", iommuGroup: 10);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public void A_capture_is_logged_with_its_duration_its_functions_and_what_was_not_read()
    {
        var log = new FakeLogCollector();
        using var loggers = Loggers(log, LogLevel.Debug);
        _fake.AddDirectory("/sys/bus/pci/devices/no-address");

        PassthroughHost.At(_fake.Root, new FakeTimeProvider(), loggers).Capture();

        Assert.Equal(
            [
                "Cannot read /sys/bus/pci/devices/no-address: not a PCI address",
                $"Captured {_fake.Root} in 0 ms: 2 PCI functions, 2 IOMMU groups, 1 sources not read",
            ],
            log.GetSnapshot().Select(record => record.Message));
        Assert.All(log.GetSnapshot(), record => Assert.Equal((LogLevel.Debug, typeof(PassthroughHost).FullName), (record.Level, record.Category)));
    }

    [Fact]
    public void A_capture_logs_nothing_above_the_level_of_debugging()
    {
        var log = new FakeLogCollector();
        using var loggers = Loggers(log, LogLevel.Information);

        PassthroughHost.At(_fake.Root, loggerFactory: loggers).Capture();

        Assert.Empty(log.GetSnapshot());
    }

    [Fact]
    public void The_default_options_are_those_of_a_capture_without_options() => Assert.Equal(new CaptureOptions(), CaptureOptions.Default);

    [Fact]
    public void Everything_is_every_option()
    {
        foreach (var option in typeof(CaptureOptions).GetProperties().Where(property => property.PropertyType == typeof(bool)))
        {
            Assert.True((bool)option.GetValue(CaptureOptions.Everything)!, option.Name);
        }

        var snapshot = PassthroughHost.At(_fake.Root).Capture(CaptureOptions.Everything);
        Assert.All(snapshot.Devices.AsEnumerable(), device => Assert.NotNull(device.Details?.Configuration));
        Assert.True(snapshot.System.Usage[snapshot.Devices[0].Address].OpenHandles.IsKnown);
    }

    private static ILoggerFactory Loggers(FakeLogCollector log, LogLevel level) =>
        LoggerFactory.Create(builder => builder.SetMinimumLevel(level).AddProvider(new FakeLoggerProvider(log)));
}
