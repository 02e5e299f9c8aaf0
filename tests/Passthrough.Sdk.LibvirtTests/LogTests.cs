using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.LibvirtTests;

public sealed class LogTests
{
    [Fact]
    public void What_is_done_is_logged_with_its_name()
    {
        var log = new FakeLogCollector();
        using var logs = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(new FakeLoggerProvider(log)));
        using (var libvirt = TestDriver.Open(new LibvirtConnectionOptions { LoggerFactory = logs }))
        {
            using var domain = libvirt.DefineDomain(Xml.TestDomain("logged"));
            domain.Start();
            domain.Destroy();
            domain.Undefine();
            ((IConnectionOwner)libvirt).OnConnectionLost(1);
        }

        var records = log.GetSnapshot();
        Assert.Equal([200, 210, 210, 210, 210, 202, 201], records.Select(record => record.Id.Id));
        Assert.Equal("Domain logged: started", records[2].Message);
        Assert.Equal(LogLevel.Warning, records[5].Level);
    }
}
