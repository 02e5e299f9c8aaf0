using System.Collections.Immutable;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Readiness;

/// <summary>libvirt is looked at only when it was asked.</summary>
public sealed class LibvirtRulesTests
{
    private const string Uri = "qemu:///system";

    [Fact]
    public void Nothing_is_said_of_libvirt_when_it_was_not_asked() => Assert.DoesNotContain(Check(null), IsOfLibvirt);

    [Fact]
    public void A_healthy_libvirt_is_silent() => Assert.DoesNotContain(Check(Healthy), IsOfLibvirt);

    [Fact]
    public void One_that_does_not_answer_is_unreachable() =>
        Assert.Equal(FindingIds.LibvirtUnreachable, Check(Silent(LibvirtErrorCode.SystemError, errno: 2)).First(IsOfLibvirt).Id);

    [Theory]
    [InlineData(LibvirtErrorCode.SystemError, 13)]
    [InlineData(LibvirtErrorCode.AuthUnavailable, 0)]
    public void One_that_does_not_let_the_user_in_is_a_matter_of_permission(LibvirtErrorCode code, int errno) =>
        Assert.Equal(FindingIds.LibvirtNoPermission, Check(Silent(code, errno)).First(IsOfLibvirt).Id);

    [Fact]
    public void One_that_cannot_ask_polkit_lacks_D_Bus() =>
        Assert.Equal(FindingIds.LibvirtNoSystemBus, Check(Silent(LibvirtErrorCode.InternalError, errno: -1, LibvirtErrorDomain.Dbus)).First(IsOfLibvirt).Id);

    [Fact]
    public void An_empty_list_of_backends_is_libvirts_own_no() =>
        Assert.Equal(
            FindingIds.LibvirtNoVfioBackend,
            Check(Healthy with { PciBackends = Fact.Known(ValueList.Create<string>(), "virConnectGetDomainCapabilities") }).First(IsOfLibvirt).Id);

    [Fact]
    public void A_device_of_a_running_domain_is_in_use()
    {
        var nic = PciAddress.Parse("0000:01:00.0");
        var report = Check(Healthy with { Owners = ImmutableDictionary<PciAddress, string>.Empty.Add(nic, "web") }, nic);
        Assert.Equal(FindingIds.DeviceInUseByDomain, report[0].Id);
    }

    private static LibvirtFacts Healthy { get; } = new()
    {
        Uri = Uri,
        Version = Fact.Known(new Version(9, 0, 0), "virConnectGetLibVersion"),
        PciBackends = Fact.Known(ValueList.Create("default", "vfio"), "virConnectGetDomainCapabilities"),
    };

    private static LibvirtFacts Silent(LibvirtErrorCode code, int errno, LibvirtErrorDomain domain = LibvirtErrorDomain.None) => new()
    {
        Uri = Uri,
        Version = Fact.Unknown<Version>("virConnectOpen", "no"),
        Error = new LibvirtException("no", code, domain, "no") { Int1 = errno },
    };

    private static bool IsOfLibvirt(Finding finding) => finding.Id.StartsWith("libvirt.", StringComparison.Ordinal);

    private static ReadinessReport Check(LibvirtFacts? libvirt, params ValueList<PciAddress> devices)
    {
        using var host = FakeHost.Create().WithGroups().WithVfio();
        return PassthroughHost.At(host.Root).Capture().CheckDevices(devices, libvirt: libvirt);
    }
}
