using System.Text;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Readiness;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>What any known message is explained by has no empty name in it, whatever the message leaves out and the host does not say.</summary>
public sealed class ExplanationTextTests
{
    public static TheoryData<string> Names { get; } = ["abc", "", " "];

    [Theory]
    [MemberData(nameof(Names))]
    public void On_a_host_in_order(string name)
    {
        using var host = Hosts.Healthy();
        HaveNoHoles(PassthroughHost.At(host.Root).Capture(), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void On_a_host_that_shows_nothing(string name)
    {
        using var host = FakeHost.Create();
        HaveNoHoles(PassthroughHost.At(host.Root).Capture(), name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Where_only_devices_were_captured(string name)
    {
        using var host = FakeHost.Create().AddDirectory("/sys/bus/pci/devices/0000:01:00.0");
        HaveNoHoles(PassthroughHost.At(host.Root).Capture(CaptureOptions.DevicesOnly), name);
    }

    private static void HaveNoHoles(HostSnapshot snapshot, string name)
    {
        var wrong = new StringBuilder();
        foreach (var (pattern, example) in MessageExamples.All)
        {
            var text = name == "abc" ? example : example.Replace("abc", name, StringComparison.Ordinal);
            var explanation = snapshot.Explain(text);
            foreach (var finding in explanation.Findings.SelectMany(finding => finding.Consequences.Prepend(finding)))
            {
                foreach (var whole in new[] { finding.Title, finding.Remedy })
                {
                    // What the message itself says is quoted as it is, with what it leaves out.
                    var said = explanation.Message is { Length: > 0 } message ? whole.Replace(message, "MESSAGE", StringComparison.Ordinal) : whole;
                    if (FindingTextTests.WhatIsWrong(said) is { } reason)
                    {
                        wrong.AppendLine($"{pattern.Template}: {finding.Id}: {reason}: '{said}'");
                    }
                }
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
    }
}
