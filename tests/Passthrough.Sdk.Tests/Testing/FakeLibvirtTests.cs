using System.IO.Abstractions.TestingHelpers;
using Moq;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Testing;

namespace Passthrough.Tests.Testing;

/// <summary>Plans made and applied on a fake host with a fake libvirt, by the public API alone, as a user's tests do it.</summary>
public sealed class FakeLibvirtTests : IDisposable
{
    private const string Name = "0000:01:00.0";

    private static readonly PciAddress Nic = PciAddress.Parse(Name);

    private readonly FakeHost _fake = FakeHost.Create()
        .AddSystem()
        .AddPciDriver("vfio-pci")
        .AddPciBridge("0000:00:1c.0", secondaryBus: 1, iommuGroup: 8)
        .AddPciDevice(Name, vendor: 0x8086, device: 0x10d3, @class: 0x020000, driver: "e1000e", iommuGroup: 9, parent: "0000:00:1c.0")
        .AddNetworkInterface(Name, "enp1s0");

    private readonly FakeLibvirt _libvirt;
    private readonly IPassthroughHost _host;

    public FakeLibvirtTests()
    {
        _libvirt = new(_fake);
        _host = _fake.Open();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _libvirt.Dispose();
        _fake.Dispose();
    }

    [Fact]
    public async Task A_guest_that_shuts_itself_down_while_it_is_asked_has_released_its_device()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _host.Plan([Nic], guest).ApplyAsync(cancellationToken: Token);
        var plan = _host.PlanRelease([Nic], guest);
        _libvirt.Calling = function =>
        {
            if (function == "virDomainDetachDeviceFlags" && guest.IsActive())
            {
                guest.Shutdown();
            }
        };

        await plan.ApplyAsync(cancellationToken: Token);

        Assert.False(guest.IsActive());
        Assert.Equal("e1000e", _fake.DriverOf(Name));
        Assert.DoesNotContain("<hostdev", guest.GetXml(DomainXmlOptions.Inactive), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_called_is_recorded_and_a_lost_connection_leaves_everything_as_before()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var (plan, before) = (_host.Plan([Nic], guest), guest.GetXml());
        _libvirt.Calling = call => _libvirt.IsLost = call == "virDomainAttachDeviceFlags" && _libvirt.Calls.Count(each => each == call) == 2;

        var error = await Assert.ThrowsAsync<PlanFailedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Equal(LibvirtErrorCode.Rpc, Assert.IsType<LibvirtConnectionLostException>(error.InnerException).Code);
        Assert.Equal(["virDomainCreateWithFlags", "virDomainAttachDeviceFlags", "virDomainAttachDeviceFlags"], _libvirt.Calls.Take(3));
        Assert.True(_libvirt.IsAlive());
        Assert.Equal(("e1000e", before), (_fake.DriverOf(Name), guest.GetXml()));
    }

    [Fact]
    public void A_lost_connection_is_not_alive()
    {
        var guest = _libvirt.AddDomain("vm1");
        _libvirt.IsLost = true;
        Assert.False(_libvirt.IsAlive());
        Assert.Equal(LibvirtErrorCode.Rpc, Assert.Throws<LibvirtConnectionLostException>(() => guest.Start()).Code);
        Assert.Empty(_libvirt.GetNodeDevices(NodeDeviceKinds.Mdev));
    }

    [Theory]
    [InlineData(NodeDeviceStates.Any, true)]
    [InlineData(NodeDeviceStates.Active, true)]
    [InlineData(NodeDeviceStates.Active | NodeDeviceStates.Inactive, true)]
    [InlineData(NodeDeviceStates.Transient, true)]
    [InlineData(NodeDeviceStates.Inactive, false)]
    [InlineData(NodeDeviceStates.Persistent, false)]
    [InlineData(NodeDeviceStates.Active | NodeDeviceStates.Persistent, false)]
    public void A_function_is_active_and_not_defined(NodeDeviceStates states, bool isListed) =>
        Assert.Equal(isListed, _libvirt.GetNodeDevices(NodeDeviceKinds.Pci, states).Count > 0);

    // src/node_device/node_device_driver.c: only mediated devices have definitions, and mdevctl makes them.
    [Fact]
    public void What_only_a_mediated_device_has_fails_as_at_a_real_host()
    {
        using var device = _libvirt.GetNodeDevices()[0];
        Assert.Equal((true, false, false), (device.IsActive(), device.IsPersistent(), device.GetAutostart()));
        Assert.Equal(["pci"], device.GetCapabilities());
        Assert.Equal(LibvirtErrorCode.OperationInvalid, Assert.Throws<LibvirtException>(device.Start).Code);
        Assert.Equal(LibvirtErrorCode.OperationInvalid, Assert.Throws<LibvirtException>(device.Undefine).Code);
        Assert.Equal(LibvirtErrorCode.ConfigUnsupported, Assert.Throws<LibvirtException>(device.Destroy).Code);
        Assert.Equal(LibvirtErrorCode.ConfigUnsupported, Assert.Throws<LibvirtException>(() => device.SetAutostart(true)).Code);
        Assert.Equal(LibvirtErrorCode.InvalidArg, Assert.Throws<LibvirtException>(() => device.GetXml(inactive: true)).Code);
        Assert.Throws<LibvirtTooOldException>(() => device.Update("<device/>"));

        const string mediated = "<device><parent>pci_0000_01_00_0</parent><capability type='mdev'><type id='x'/></capability></device>";
        Assert.Contains("mdevctl", Assert.Throws<LibvirtException>(() => _libvirt.CreateNodeDevice(mediated)).Message, StringComparison.Ordinal);
        Assert.Contains("mdevctl", Assert.Throws<LibvirtException>(() => _libvirt.DefineNodeDevice(mediated)).Message, StringComparison.Ordinal);
        Assert.Equal(
            LibvirtErrorCode.ConfigUnsupported,
            Assert.Throws<LibvirtException>(() => _libvirt.CreateNodeDevice("<device><name>x</name><capability type='system'/></device>")).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_device_goes_to_the_guest_and_comes_back(bool isRunning)
    {
        var guest = _libvirt.AddDomain("vm1", isRunning);
        var before = guest.GetXml(DomainXmlOptions.Inactive);
        var plan = _host.Plan([Nic], guest);
        Assert.False(plan.IsRefused, plan.ToString());

        await plan.ApplyAsync(cancellationToken: Token);

        Assert.Contains("<hostdev", guest.GetXml(DomainXmlOptions.Inactive), StringComparison.Ordinal);
        Assert.Equal(isRunning ? "vfio-pci" : "e1000e", _fake.DriverOf(Name));
        Assert.Equal(isRunning, guest.GetDocument().PciAddresses.Contains(Nic) && guest.IsActive());

        await _host.PlanRelease([Nic], guest).ApplyAsync(cancellationToken: Token);

        Assert.Equal("e1000e", _fake.DriverOf(Name));
        Assert.DoesNotContain("<hostdev", guest.GetXml(DomainXmlOptions.Inactive), StringComparison.Ordinal);
        Assert.DoesNotContain("<hostdev", guest.GetXml(), StringComparison.Ordinal);
        Assert.Contains("pcie-root-port", before, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_that_fails_is_undone_with_those_before_it()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        var (definition, live) = (guest.GetXml(DomainXmlOptions.Inactive), guest.GetXml());
        var calls = 0;
        _libvirt.Calling = call =>
        {
            if (call == "virDomainAttachDeviceFlags" && ++calls == 2)
            {
                throw FakeLibvirt.Error(LibvirtErrorCode.InternalError, "internal error: No more available PCI slots");
            }
        };

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => _host.Plan([Nic], guest).ApplyAsync(cancellationToken: Token));

        Assert.Empty(failure.NotUndone);
        Assert.Contains("No more available PCI slots", failure.Message, StringComparison.Ordinal);
        Assert.Equal((definition, live, "e1000e"), (guest.GetXml(DomainXmlOptions.Inactive), guest.GetXml(), _fake.DriverOf(Name)));
        Assert.Empty(await _host.RecoverAsync(_ => _libvirt, cancellationToken: Token));
    }

    [Fact]
    public async Task A_guest_that_does_not_answer_keeps_the_device_and_the_plan_says_so()
    {
        var guest = _libvirt.AddDomain("vm1", isRunning: true);
        await _host.Plan([Nic], guest).ApplyAsync(cancellationToken: Token);
        guest.AnswersUnplug = false;
        var options = new PlanOptions { UnplugTimeout = TimeSpan.FromMilliseconds(50) };

        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => _host.PlanRelease([Nic], guest, options).ApplyAsync(cancellationToken: Token));

        Assert.Contains("release", failure.Message, StringComparison.Ordinal);
        Assert.Equal("vfio-pci", _fake.DriverOf(Name));
    }

    [Fact]
    public async Task A_guard_that_turns_after_the_plan_refuses_it()
    {
        var guest = _libvirt.AddDomain("vm1");
        var plan = _host.Plan([Nic], guest);
        var other = _libvirt.AddDomain("vm2", isRunning: true);
        await _host.Plan([Nic], other).ApplyAsync(cancellationToken: Token);

        var refusal = await Assert.ThrowsAsync<PlanRefusedException>(() => plan.ApplyAsync(cancellationToken: Token));

        Assert.Contains(refusal.Findings, finding => finding.Id == FindingIds.DeviceInUseByDomain);
    }

    [Fact]
    public async Task A_NIC_that_the_host_uses_is_refused_until_the_finding_is_accepted()
    {
        _fake.AddNetworkInterface(Name, "enp1s0", "192.0.2.10/24");
        var guest = _libvirt.AddDomain("vm1");
        var refused = _host.Plan([Nic], guest);
        Assert.True(refused.IsRefused);
        var finding = Assert.Single(refused.Findings, finding => finding.Severity == FindingSeverity.Error);
        Assert.Equal(FindingIds.DeviceHoldsActiveNetworkInterface, finding.Id);

        await _host.Plan([Nic], guest, new PlanOptions { Accepted = [finding.Id] }).ApplyAsync(cancellationToken: Token);

        Assert.Contains(Nic, guest.GetDocument().PciAddresses);
    }

    [Fact]
    public async Task Virtual_functions_come_and_go_and_an_error_of_the_kernel_leaves_their_number()
    {
        _fake.WriteAttribute(Name, "sriov_totalvfs", "4\n").WriteAttribute(Name, "sriov_numvfs", "0\n");

        await _host.PlanVirtualFunctions(Nic, 2).ApplyAsync(cancellationToken: Token);

        Assert.Equal(["0000:01:00.1", "0000:01:00.2"], _host.Capture().Devices[Nic].VirtualFunctions.Select(function => function.ToString()));
        _fake.Writing = (path, text) => path.EndsWith("/sriov_numvfs", StringComparison.Ordinal) && text == "3" ? 12 : 0;
        var failure = await Assert.ThrowsAsync<PlanFailedException>(() => _host.PlanVirtualFunctions(Nic, 3).ApplyAsync(cancellationToken: Token));
        Assert.Contains("ENOMEM", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, _host.Capture().Devices[Nic].VirtualFunctions.Count);
    }

    [Fact]
    public void A_libvirt_of_another_machine_is_refused_by_name()
    {
        using var remote = new FakeLibvirt(_fake, "qemu+tls://elsewhere/system");
        Assert.Throws<LibvirtNotThisHostException>(() => _host.Plan([Nic], remote.AddDomain("vm1")));
    }

    [Fact]
    public async Task The_fake_acts_on_its_own_files_only()
    {
        await _host.Plan([Nic], _libvirt.AddDomain("vm1")).ApplyAsync(cancellationToken: Token);
        Assert.True(Directory.Exists(_fake.PathOf("/var/lib/passthrough/journal")));
        Assert.Throws<HostNotLocalException>(() => _host.WatchAsync(cancellationToken: Token));
    }

    [Fact]
    public async Task The_journal_of_a_fake_host_lies_in_it_wherever_the_options_say()
    {
        var elsewhere = Path.Combine(Path.GetTempPath(), $"journal-{Guid.NewGuid():N}");

        await _host.Plan([Nic], _libvirt.AddDomain("vm1"), new PlanOptions { JournalDirectory = elsewhere }).ApplyAsync(cancellationToken: Token);

        Assert.False(Directory.Exists(elsewhere));
        Assert.True(Directory.Exists(_fake.PathOf(elsewhere)));
        Assert.Throws<ArgumentException>(() => _fake.PathOf("/sys/../../x"));
    }

    [Fact]
    public async Task Virtual_functions_of_one_port_leave_the_other_port_alone()
    {
        _fake.AddPciDevice("0000:01:00.1", driver: "e1000e", iommuGroup: 10, parent: "0000:00:1c.0").AddNetworkInterface("0000:01:00.1", "enp1s0f1")
            .WriteAttribute(Name, "sriov_totalvfs", "4\n").WriteAttribute(Name, "sriov_numvfs", "0\n");

        await _host.PlanVirtualFunctions(Nic, 2).ApplyAsync(cancellationToken: Token);
        Assert.Equal(["0000:01:00.2", "0000:01:00.3"], _host.Capture().Devices[Nic].VirtualFunctions.Select(function => function.ToString()));
        await _host.PlanVirtualFunctions(Nic, 0).ApplyAsync(cancellationToken: Token);

        Assert.Equal(["0000:00:1c.0", Name, "0000:01:00.1"], _host.Capture().Devices.Select(device => device.Address.ToString()));
    }

    [Fact]
    public void A_domain_whose_second_device_is_taken_does_not_start_and_the_first_goes_back()
    {
        _fake.AddPciDevice("0000:01:00.1", driver: "e1000e", iommuGroup: 10, parent: "0000:00:1c.0");
        const string Hostdev = "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0' bus='1' slot='0' function='{0}'/></source></hostdev>";
        var owner = _libvirt.AddDomain("owner", isRunning: true);
        owner.AttachDevice(Hostdev.Replace("{0}", "1", StringComparison.Ordinal), DeviceAffect.Live);
        var both = _libvirt.AddDomain("both");
        both.AttachDevice(Hostdev.Replace("{0}", "0", StringComparison.Ordinal), DeviceAffect.Config);
        both.AttachDevice(Hostdev.Replace("{0}", "1", StringComparison.Ordinal), DeviceAffect.Config);

        Assert.Contains("domain owner", Assert.Throws<LibvirtException>(() => both.Start()).Message, StringComparison.Ordinal);

        Assert.Equal(("e1000e", "vfio-pci", false), (_fake.DriverOf(Name), _fake.DriverOf("0000:01:00.1"), both.IsActive()));
        owner.AttachDevice("<hostdev mode='subsystem' type='usb' managed='yes'><source><address bus='1' device='2'/></source></hostdev>", DeviceAffect.Live);
        Assert.Equal("e1000e", _fake.DriverOf(Name));
    }

    [Fact]
    public void A_host_over_a_file_system_in_memory_never_acts()
    {
        var host = PassthroughHost.Over(new MockFileSystem());

        Assert.False(host.IsLocal);
        Assert.Throws<HostNotLocalException>(() => host.Plan([Nic], _libvirt.AddDomain("vm1")));
        Assert.Throws<HostNotLocalException>(() => host.WatchAsync(cancellationToken: Token));
    }

    [Fact]
    public void A_program_that_takes_the_interfaces_is_tested_with_Moq()
    {
        var snapshot = _host.Capture();
        var host = new Mock<IPassthroughHost>();
        host.Setup(each => each.Capture(null)).Returns(snapshot);
        var domain = new Mock<ILibvirtDomain>();
        domain.SetupGet(each => each.Name).Returns("vm1");
        domain.Setup(each => each.GetXml(DomainXmlOptions.None)).Returns(_libvirt.AddDomain("vm1").GetXml());
        var libvirt = new Mock<ILibvirtConnection>();
        libvirt.Setup(each => each.GetDomain("vm1")).Returns(domain.Object);

        Assert.Equal("vm1: Intel's NIC on e1000e", Describe(host.Object, libvirt.Object));

        static string Describe(IPassthroughHost host, ILibvirtConnection libvirt)
        {
            using var guest = libvirt.GetDomain("vm1");
            var nic = host.Capture().Devices[Nic];
            Assert.Empty(guest.GetDocument().PciAddresses);
            return $"{guest.Name}: {(nic.VendorId == 0x8086 ? "Intel's NIC" : "a NIC")} on {nic.Driver}";
        }
    }
}
