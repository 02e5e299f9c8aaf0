using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.LibvirtTests.Native;

namespace Passthrough.Sdk.LibvirtTests;

public sealed class DomainTests : IDisposable
{
    private readonly LibvirtConnection _libvirt = TestDriver.Open();

    public void Dispose() => _libvirt.Dispose();

    [Fact]
    public async Task A_domain_lives_its_life()
    {
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("life"));
        Assert.Equal("life", domain.Name);
        Assert.True(domain.IsPersistent());
        Assert.False(domain.IsActive());
        Assert.Equal(DomainState.Shutoff, domain.GetState());

        await domain.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(domain.IsActive());
        Assert.Equal(DomainState.Running, domain.GetState());

        domain.Destroy();
        Assert.Equal(DomainState.Shutoff, domain.GetState());
        domain.Undefine();
        Assert.False(_libvirt.TryGetDomain("life", out _));
        Assert.Equal(LibvirtErrorCode.NoDomain, Assert.Throws<LibvirtException>(() => domain.GetXml()).Code);
    }

    [Fact]
    public void A_managed_save_image_is_seen_until_it_is_removed()
    {
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("saved"));
        using var connection = LibVirtForTests.virConnectOpen(TestDriver.Uri);
        using var handle = LibVirt.virDomainLookupByName(connection, "saved");
        Assert.False(domain.HasManagedSaveImage());
        domain.Start();
        Assert.Equal(0, LibVirtForTests.virDomainManagedSave(handle, 0));
        Assert.True(domain.HasManagedSaveImage());
        Assert.False(domain.IsActive());

        Assert.Equal(0, LibVirtForTests.virDomainManagedSaveRemove(handle, 0));

        Assert.False(domain.HasManagedSaveImage());
        domain.Undefine();
        Assert.Equal(LibvirtErrorCode.NoDomain, Assert.Throws<LibvirtException>(() => domain.HasManagedSaveImage()).Code);
    }

    [Fact]
    public void A_domain_is_found_by_name_and_by_uuid_and_in_the_list()
    {
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("found"));
        using var byName = _libvirt.GetDomain("found");
        using var byUuid = _libvirt.GetDomain(domain.Uuid);
        Assert.Equal(domain.Uuid, byName.Uuid);
        Assert.Equal("found", byUuid.Name);
        Assert.Contains($"<uuid>{domain.Uuid}</uuid>", domain.GetXml(), StringComparison.Ordinal);
        Assert.Contains("found", _libvirt.GetDomains().Select(each =>
        {
            using (each)
            {
                return each.Name;
            }
        }));
        domain.Undefine();
    }

    [Fact]
    public async Task An_agent_is_asked_through_libvirts_library_for_QEMU()
    {
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("asked"));
        domain.Start();

        // The test driver has no agents: libvirt's own error shows that the function was found and called, and the domain named.
        var error = Assert.Throws<LibvirtException>(() => domain.QemuAgentCommand("""{"execute":"guest-ping"}""", 1));
        Assert.Equal(LibvirtErrorCode.NoSupport, error.Code);
        Assert.Contains("'asked'", error.Message, StringComparison.Ordinal);
        Assert.Contains("virDomainQemuAgentCommand", error.NativeMessage, StringComparison.Ordinal);

        Assert.Throws<ArgumentOutOfRangeException>(() => domain.QemuAgentCommand("{}", 0));
        Assert.Throws<ArgumentException>(() => domain.QemuAgentCommand("", 1));
        var devices = await domain.ReadGuestPciDevicesAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        Assert.True(devices.IsUnknown);
        Assert.Contains("no channel for a guest agent", devices.Reason, StringComparison.Ordinal);
        domain.Destroy();
        domain.Undefine();
    }

    [Fact]
    public void Metadata_of_a_namespace_are_replaced_and_removed_and_others_stay()
    {
        const string Theirs = "urn:theirs";
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("noted"));
        domain.SetMetadata(Theirs, "their", "<note/>", DeviceAffect.Config);
        foreach (var ids in new ValueList<string>[] { ["device.is-boot-display"], ["a.b", "c.d"] })
        {
            domain.SetMetadata(AcceptedFindings.NamespaceUri, AcceptedFindings.Prefix, AcceptedFindings.Write(ids), DeviceAffect.Config);
            Assert.Equal(ids, AcceptedFindings.Read(domain.GetXml(DomainXmlOptions.Inactive)));
        }

        domain.SetMetadata(AcceptedFindings.NamespaceUri, AcceptedFindings.Prefix, null, DeviceAffect.Config);
        domain.SetMetadata(AcceptedFindings.NamespaceUri, AcceptedFindings.Prefix, null, DeviceAffect.Config); // it is gone already
        Assert.Empty(AcceptedFindings.Read(domain.GetXml(DomainXmlOptions.Inactive)));
        Assert.Contains(Theirs, domain.GetXml(DomainXmlOptions.Inactive), StringComparison.Ordinal);
        Assert.Throws<LibvirtException>(() => domain.SetMetadata(Theirs, "their", "<not well-formed", DeviceAffect.Config));
        domain.Undefine();
    }

    [Fact]
    public void An_unknown_domain_is_code_42_with_its_name()
    {
        var error = Assert.Throws<LibvirtException>(() => _libvirt.GetDomain("no such"));
        Assert.Equal(42, (int)error.Code);
        Assert.Equal(LibvirtErrorDomain.Test, error.Domain);
        Assert.Equal(LibvirtErrorLevel.Error, error.Level);
        Assert.Contains("'no such'", error.Message, StringComparison.Ordinal);
        Assert.False(_libvirt.TryGetDomain(Guid.NewGuid(), out _));
        Assert.Equal(42, (int)Assert.Throws<LibvirtException>(() => _libvirt.GetDomain(Guid.NewGuid())).Code);
    }

    [Fact]
    public void Names_are_utf8_both_ways()
    {
        using var domain = _libvirt.DefineDomain(Xml.TestDomain("żółw-🐢"));
        using var again = _libvirt.GetDomain("żółw-🐢");
        Assert.Equal("żółw-🐢", again.Name);
        Assert.Contains("<name>żółw-🐢</name>", again.GetXml(), StringComparison.Ordinal);
        domain.Undefine();
    }

    [Fact]
    public void A_hostdev_is_kept_in_the_definition()
    {
        using var domain = _libvirt.DefineDomain(Xml.Domain("test", "hostdev", Xml.Hostdev()));
        Assert.Contains("<hostdev mode='subsystem' type='pci' managed='yes'>", domain.GetXml(DomainXmlOptions.Inactive), StringComparison.Ordinal);
        domain.Undefine();
    }

    [Fact]
    public void The_test_driver_cannot_attach_and_says_so()
    {
        using var domain = _libvirt.GetDomain("test");
        foreach (var call in new Action[]
        {
            () => domain.AttachDevice(Xml.Hostdev(), DeviceAffect.Live),
            () => domain.DetachDevice(Xml.Hostdev(), DeviceAffect.Live),
            () => domain.UpdateDevice(Xml.Hostdev(), DeviceAffect.Live),
            () => domain.DetachDeviceAlias("hostdev0", DeviceAffect.Live),
        })
        {
            Assert.Equal(LibvirtErrorCode.NoSupport, Assert.Throws<LibvirtException>(call).Code);
        }
    }

    [Fact]
    public void A_healthy_domain_has_no_messages()
    {
        using var domain = _libvirt.GetDomain("test");
        Assert.Empty(domain.GetMessages() ?? []);
    }

    [Fact]
    public void Wrong_xml_is_a_typed_error()
    {
        Assert.Equal(LibvirtErrorCode.XmlDetail, Assert.Throws<LibvirtException>(() => _libvirt.DefineDomain("<domain")).Code);
        Assert.Equal(LibvirtErrorCode.XmlInvalidSchema, Assert.Throws<LibvirtException>(
            () => _libvirt.DefineDomain(Xml.Domain("test", "schema", "<nonsense/>"), validate: true)).Code);
    }
}
