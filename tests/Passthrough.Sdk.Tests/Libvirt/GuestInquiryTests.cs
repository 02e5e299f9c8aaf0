using Moq;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Tests.Libvirt;

/// <summary>A domain that is asked without a plan: libvirt has the same deadline as the agent, and the guest may write anything.</summary>
public sealed class GuestInquiryTests
{
    private readonly FakeAgent _agent = new() { Proc = _ => FakeAgent.Line("0500", "808610d3", "e1000e") };
    private readonly Mock<ILibvirtDomain> _domain = new();

    public GuestInquiryTests()
    {
        _domain.Setup(domain => domain.IsActive()).Returns(true);
        _domain.Setup(domain => domain.GetXml(It.IsAny<DomainXmlOptions>())).Returns($"<domain><devices>{FakeAgent.Connected}</devices></domain>");
        _domain.Setup(domain => domain.QemuAgentCommand(It.IsAny<string>(), It.IsAny<int>())).Returns<string, int>(_agent.Answer);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_lists_its_devices()
    {
        var answer = await _domain.Object.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(20), Token);
        Assert.Equal("e1000e", Assert.Single(answer.Value!.Devices).Driver);
    }

    [Fact]
    public async Task A_domain_that_does_not_run_is_not_asked()
    {
        _domain.Setup(domain => domain.IsActive()).Returns(false);
        Assert.Equal("the domain is not running", (await _domain.Object.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(20), Token)).Reason);
        Assert.Empty(_agent.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_libvirt_that_hangs_ends_with_the_deadline_and_with_the_token(bool isCancelled)
    {
        using var never = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource();
        _domain.Setup(domain => domain.IsActive()).Returns(() =>
        {
            if (isCancelled)
            {
                cancel.Cancel();
            }

            never.Wait(TimeSpan.FromMinutes(2), CancellationToken.None);
            return true;
        });
        var asked = _domain.Object.ReadGuestPciDevicesAsync(isCancelled ? TimeSpan.FromMinutes(2) : TimeSpan.FromMilliseconds(200), cancel.Token)
            .WaitAsync(TimeSpan.FromMinutes(1), Token);
        if (isCancelled)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }
        else
        {
            Assert.Equal("libvirt did not answer in time", (await asked).Reason);
        }

        never.Set();
    }

    [Theory]
    [InlineData("guest-get-osinfo", """{"return":{"id":"\ud800"}}""")]
    [InlineData("guest-get-osinfo", """{"return":{"i\ud800":1}}""")]
    [InlineData("guest-get-osinfo", """{"retur\ud800":1}""")]
    public async Task Half_of_a_surrogate_pair_is_no_answer(string command, string answer)
    {
        _agent.Instead = asked => asked == command ? answer : null;
        var devices = await _domain.Object.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(20), Token);
        Assert.True(devices.IsUnknown);
        Assert.Contains("half of a surrogate pair", devices.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_in_a_list_of_Windows_is_no_answer()
    {
        _agent.System = "mswindows";
        _agent.Windows = """[{"driver-name":"\udc00","id":{"type":"pci","vendor-id":6900,"device-id":4161}}]""";
        Assert.Contains("half of a surrogate pair", (await _domain.Object.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(20), Token)).Reason, StringComparison.Ordinal);
    }
}
