using System.Globalization;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Agreement;

/// <summary>What libvirt does with domains and their devices. The guests have no operating system, so they do not agree to an unplug.</summary>
public abstract partial class LibvirtScenarios : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Stage _stage;

    private protected LibvirtScenarios(Stage stage) => _stage = stage;

    public void Dispose()
    {
        _stage.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Domains_are_defined_found_and_undefined()
    {
        var said = new Transcript(_stage, "definitions");
        var libvirt = _stage.Libvirt;
        said.Try("get 'agreed'", () => libvirt.GetDomain("agreed"));
        said.Try("get an unknown UUID", () => libvirt.GetDomain(Guid.NewGuid()));
        said.Try("define nonsense", () => libvirt.DefineDomain("nonsense"));
        said.Try("define without a name", () => libvirt.DefineDomain("<domain type='qemu'><memory>1024</memory><os><type>hvm</type></os></domain>"));
        using (var guest = Guest.Define(_stage, "agreed"))
        {
            said.DevicesOf(guest.Domain);
            said.Say($"found by name: {libvirt.TryGetDomain("agreed", out var found) && Is(found, domain => domain.Uuid == guest.Domain.Uuid)}");
            said.Say($"found by UUID: {libvirt.TryGetDomain(guest.Domain.Uuid, out var same) && Is(same, domain => domain.Name == "agreed")}");
            said.Say($"listed: {libvirt.GetDomains().Count(domain => Is(domain, each => each.Name == "agreed"))}");
            said.Try("define it again with another UUID", () => libvirt.DefineDomain(Identified().Replace(guest.Definition, $"<uuid>{Guid.NewGuid()}</uuid>")));
            said.Try("define another name with its UUID", () => libvirt.DefineDomain(guest.Definition.Replace("<name>agreed</name>", "<name>disagreed</name>", StringComparison.Ordinal)));
            said.Try("define it again", () => libvirt.DefineDomain(guest.Definition));
            said.Try("destroy it while it is off", () => guest.Domain.Destroy());
            said.Try("shut it down while it is off", () => guest.Domain.Shutdown());
            said.Try("start", () => guest.Domain.Start());
            said.Try("start it again", () => guest.Domain.Start());
            said.DevicesOf(guest.Domain);
            said.Try("undefine while it runs", () => guest.Domain.Undefine());
            said.DevicesOf(guest.Domain);
            said.Try("attach to the definition that it no longer has", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
            said.Try("destroy", () => guest.Domain.Destroy());
        }

        said.Try("get it", () => libvirt.GetDomain("agreed"));
        said.End();
    }

    [Fact]
    public async Task A_running_guest_gets_a_device_and_loses_it_when_it_ends()
    {
        var said = new Transcript(_stage, "attach-live");
        using var guest = Guest.Define(_stage, "agreed");
        said.Try("attach to the running domain while it is off", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Live));
        using var events = _stage.Libvirt.SubscribeDomainEvents();
        said.Try("start", () => guest.Domain.Start());
        said.Try("attach", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic, alias: "ua-nic"), DeviceAffect.Live));
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        said.Try("attach it again", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Live));
        said.Try("detach another device", () => guest.Domain.DetachDevice(Guest.Hostdev(Stage.Sound), DeviceAffect.Live));
        said.Try("detach from the definition", () => guest.Domain.DetachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
        said.Try("detach an unknown alias", () => guest.Domain.DetachDeviceAlias("ua-other", DeviceAffect.Live));
        guest.DoesNotAnswer();
        said.Try("ask the guest to release it", () => guest.Domain.DetachDeviceAlias("ua-nic", DeviceAffect.Live));
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        said.Try("destroy", () => guest.Domain.Destroy());
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        await Heard(said, events, until: DomainLifecycle.Stopped);
        said.End();
    }

    [Fact]
    public async Task What_becomes_of_a_domain_is_reported()
    {
        var said = new Transcript(_stage, "events");
        using var events = _stage.Libvirt.SubscribeDomainEvents();
        using var guest = Guest.Define(_stage, "agreed");
        said.Try("define it again", () => _stage.Libvirt.DefineDomain(guest.Definition));
        said.Try("attach to the definition", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
        said.Try("start", () => guest.Domain.Start());
        said.Try("detach from the definition", () => guest.Domain.DetachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
        said.Try("destroy", () => guest.Domain.Destroy());
        said.Try("undefine", () => guest.Domain.Undefine());
        await Heard(said, events, until: DomainLifecycle.Undefined);
        said.End();
    }

    [Fact]
    public void A_definition_gets_devices_that_the_next_start_takes()
    {
        var said = new Transcript(_stage, "attach-config");
        using var guest = Guest.Define(_stage, "agreed");
        said.Try("attach", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic, alias: "ua-nic"), DeviceAffect.Config));
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic);
        said.Try("attach it again", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
        said.Try("attach another", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Sound), DeviceAffect.Config));
        said.DevicesOf(guest.Domain);
        said.Try("start", () => guest.Domain.Start());
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic, Stage.Sound);
        said.Try("detach from the definition", () => guest.Domain.DetachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
        said.DevicesOf(guest.Domain);
        said.Try("detach it again", () => guest.Domain.DetachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
        said.Try("destroy", () => guest.Domain.Destroy());
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic, Stage.Sound);
        said.End();
    }

    [Fact]
    public void A_running_guest_has_room_for_as_many_devices_as_it_has_free_ports()
    {
        var said = new Transcript(_stage, "ports");
        using var guest = Guest.Define(_stage, "agreed");
        said.Try("start", () => guest.Domain.Start());
        said.Try("attach to both", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Live | DeviceAffect.Config));
        said.Try("attach another", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Disk), DeviceAffect.Live));
        said.DevicesOf(guest.Domain);
        said.Try("attach a third", () => guest.Domain.AttachDevice(Guest.Hostdev(Stage.Sound), DeviceAffect.Live));
        said.DevicesOf(guest.Domain);
        said.State(Stage.Nic, Stage.Disk, Stage.Sound);
        said.Try("destroy", () => guest.Domain.Destroy());
        said.State(Stage.Nic, Stage.Disk, Stage.Sound);
        said.DevicesOf(guest.Domain);
        said.End();
    }

    [Fact]
    public void A_device_is_in_one_running_domain_only()
    {
        var said = new Transcript(_stage, "two-domains");
        using var first = Guest.Define(_stage, "first", Guest.Hostdev(Stage.Nic));
        using var second = Guest.Define(_stage, "second", Guest.Hostdev(Stage.Nic));
        said.Try("start the first", () => first.Domain.Start());
        said.Try("start the second", () => second.Domain.Start());
        said.DevicesOf(second.Domain);
        said.Try("undefine the second's device", () => second.Domain.DetachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Config));
        said.Try("start the second", () => second.Domain.Start());
        said.Try("attach to the second", () => second.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Live));
        using (var device = _stage.Libvirt.GetNodeDevice("pci_0000_01_00_0"))
        {
            said.Try("return it to the host", device.ReAttach);
            said.Try("take it from the host", () => device.Detach());
            said.Try("reset it", device.Reset);
        }

        said.State(Stage.Nic);
        said.Try("destroy the first", () => first.Domain.Destroy());
        said.State(Stage.Nic);
        said.Try("attach to the second", () => second.Domain.AttachDevice(Guest.Hostdev(Stage.Nic), DeviceAffect.Live));
        said.DevicesOf(second.Domain);
        said.Try("destroy the second", () => second.Domain.Destroy());
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public void What_cannot_be_given_to_a_guest_is_refused_at_the_start()
    {
        var said = new Transcript(_stage, "refused-starts");
        foreach (var (what, device) in (ReadOnlySpan<(string, string)>)
        [
            ("an unmanaged device that its driver has", Guest.Hostdev(Stage.Nic, isManaged: false)),
            ("a device that does not exist", Guest.Hostdev("0000:09:00.0")),
            ("a root port", Guest.Hostdev("0000:00:10.0")),
            ("half a group", Guest.Hostdev(Stage.SharedNic)),
        ])
        {
            using var guest = Guest.Define(_stage, "agreed", device);
            said.Try($"start with {what}", () => guest.Domain.Start());
            said.DevicesOf(guest.Domain);
            said.State(Stage.Nic, Stage.SharedNic, Stage.OtherSharedNic);
        }

        using var whole = Guest.Define(_stage, "agreed", Guest.Hostdev(Stage.SharedNic) + Guest.Hostdev(Stage.OtherSharedNic));
        said.Try("start with the whole group", () => whole.Domain.Start());
        said.DevicesOf(whole.Domain);
        said.State(Stage.SharedNic, Stage.OtherSharedNic);
        said.Try("destroy", () => whole.Domain.Destroy());
        said.State(Stage.SharedNic, Stage.OtherSharedNic);
        said.End();
    }

    [Fact]
    public void Node_devices_go_to_guests_drivers_and_back()
    {
        var said = new Transcript(_stage, "node-devices");
        said.Try("get an unknown one", () => _stage.Libvirt.GetNodeDevice("pci_0000_09_00_0"));
        using var device = _stage.Libvirt.GetNodeDevice("pci_0000_01_00_0");
        said.Say($"name: {device.Name}; parent: {device.GetParent()}");
        Describe(said, device);
        said.Try("detach", () => device.Detach());
        said.State(Stage.Nic);
        said.Try("detach again", () => device.Detach());
        said.Try("reset", device.Reset);
        said.State(Stage.Nic);
        using (var again = _stage.Libvirt.GetNodeDevice("pci_0000_01_00_0"))
        {
            Describe(said, again);
        }

        using (var guest = Guest.Define(_stage, "agreed", Guest.Hostdev(Stage.Nic, isManaged: false)))
        {
            said.Try("start an unmanaged guest", () => guest.Domain.Start());
            said.DevicesOf(guest.Domain);
            said.Try("destroy", () => guest.Domain.Destroy());
            said.State(Stage.Nic);
        }

        said.Try("reattach", device.ReAttach);
        said.State(Stage.Nic);
        said.Try("reattach again", device.ReAttach);
        said.State(Stage.Nic);
        said.End();
    }

    [Fact]
    public void Metadata_is_kept_by_name_space()
    {
        const string Ours = "urn:passthrough-agreement";
        var said = new Transcript(_stage, "metadata");
        using var guest = Guest.Define(_stage, "agreed");
        said.Try("set", () => guest.Domain.SetMetadata(Ours, "agreed", "<mark id='1'/>", DeviceAffect.Config));
        said.Say($"  {Mark(guest, DomainXmlOptions.Inactive)}");
        said.Try("set for the running domain while it is off", () => guest.Domain.SetMetadata(Ours, "agreed", "<mark id='2'/>", DeviceAffect.Live));
        said.Try("start", () => guest.Domain.Start());
        said.Say($"  {Mark(guest, DomainXmlOptions.None)}");
        said.Try("set for the running domain", () => guest.Domain.SetMetadata(Ours, "agreed", "<mark id='2'/>", DeviceAffect.Live));
        said.Say($"  {Mark(guest, DomainXmlOptions.None)}, definition {Mark(guest, DomainXmlOptions.Inactive)}");
        said.Try("remove", () => guest.Domain.SetMetadata(Ours, "agreed", null, DeviceAffect.Live | DeviceAffect.Config));
        said.Say($"  {Mark(guest, DomainXmlOptions.None)}, definition {Mark(guest, DomainXmlOptions.Inactive)}");
        said.Try("destroy", () => guest.Domain.Destroy());
        said.End();
    }

    [GeneratedRegex("<uuid>.*</uuid>")]
    private static partial Regex Identified();

    [GeneratedRegex("""mark [^>]*\bid=["'](?<id>\d)""")]
    private static partial Regex Marked();

    private static string Mark(Guest guest, DomainXmlOptions options) =>
        Marked().Match(guest.Domain.GetXml(options)) is { Success: true } mark ? $"mark {mark.Groups["id"].Value}" : "no mark";

    private static void Describe(Transcript said, ILibvirtNodeDevice device)
    {
        var description = NodeDeviceDescription.Parse(device.GetXml());
        var pci = description.Pci!;
        said.Say($"  path {description.Path}, parent {description.Parent}, driver {description.Driver ?? "none"}, address {pci.Address}, ids {pci.Vendor?.Id:x4}:{pci.Product?.Id:x4}, "
            + $"class {pci.ClassCode:x6}, group of {string.Join(' ', pci.Group?.Devices ?? [])}, NUMA node {pci.NumaNode?.ToString(CultureInfo.InvariantCulture) ?? "none"}");
    }

    private static async Task Heard(Transcript said, LibvirtSubscription<LibvirtDomainEvent> events, DomainLifecycle until)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        await foreach (var happened in events.WithCancellation(limit.Token))
        {
            said.Say(happened switch
            {
                LibvirtDeviceEvent device => $"event: {device.Change} {device.Alias}",
                LibvirtDomainLifecycleEvent lifecycle => $"event: {lifecycle.Change}, detail {lifecycle.Detail}",
                _ => $"event: {happened.GetType().Name}",
            });
            if (happened is LibvirtDomainLifecycleEvent ended && ended.Change == until)
            {
                return;
            }
        }
    }

    private static bool Is(ILibvirtDomain domain, Func<ILibvirtDomain, bool> test)
    {
        using (domain)
        {
            return test(domain);
        }
    }
}
