using System.Text;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Texts that nobody would print, and names that lead elsewhere.</summary>
public sealed class HostileErrorTests : IDisposable
{
    private readonly FakeHost _host = Hosts.Healthy();

    public void Dispose() => _host.Dispose();

    public static TheoryData<string> Texts { get; } =
    [
        new string('a', 3_000_000),
        new string(':', 500_000),
        new string('\'', 200_000),
        new string('\n', 200_000),
        string.Concat(Enumerable.Repeat("vfio 0000:01:00.0: failed to setup container for group 9: ", 20_000)),
        string.Concat(Enumerable.Repeat("group 99999999999999999999 /dev/vfio/ pci_0000_ pci_1_2_3_4_5_6 host=:.:.:. ", 20_000)),
        string.Concat(Enumerable.Repeat("PCI device PCI device in use by driver , domain \n", 5_000)),
        "\0\u0001\ud800 error: [ [ < > - -device : \u2018\u2019",
        "-device ",
        "[",
        "<6>",
        "domain ''",
        "host=",
        "{device} {rest} {0} %s %1$s",
        "Domain not found: no domain with matching name '{device}{domain}{{{'",
    ];

    [Theory]
    [MemberData(nameof(Texts))]
    public void Any_text_is_answered(string text)
    {
        var explanation = PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = text }, new() { DomainLog = text });
        Assert.All(explanation.Findings, finding => Assert.NotEmpty(finding.Evidence));
    }

    [Fact]
    public void Texts_at_random_are_answered()
    {
        var random = new Random(20261124);
        string[] pieces = ["error: ", "vfio ", "0000:01:00.0", ": ", "group ", "11", "\n", "'", "failed to open /dev/vfio/", "monitor", "unexpectedly closed the monitor: ",
            "Operation not permitted", "{", "}", "%1$s", "domain ", "../../etc/passwd", "[  1.0] ", "2026-11-24T10:00:00Z ", "-12", "libxl", "\u201c", "\ufffd"];
        var snapshot = PassthroughHost.At(_host.Root).Capture();
        for (var i = 0; i < 500; i++)
        {
            var text = new StringBuilder();
            for (var n = random.Next(30); n > 0; n--)
            {
                text.Append(pieces[random.Next(pieces.Length)]);
            }

            var explanation = snapshot.Explain(text.ToString());
            Assert.All(explanation.Findings, finding => Assert.NotEmpty(finding.Title));
        }
    }

    [Fact]
    public void A_name_that_leads_out_of_the_logs_is_no_name_of_a_domain()
    {
        _host.WriteFile("/etc/secret.log", "vfio 0000:04:01.0: group 11 is not viable\n").WriteFile("/var/log/libvirt/qemu/vm1.log", "nothing\n");
        var explanation = PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = "error: Failed to start domain '../../../../etc/secret'\nerror: internal error: qemu unexpectedly closed the monitor" });
        Assert.DoesNotContain(explanation.Findings.SelectMany(finding => finding.Evidence), evidence => evidence.Value.Contains("group 11", StringComparison.Ordinal));
    }
}
