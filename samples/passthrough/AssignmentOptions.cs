using System.CommandLine;
using System.CommandLine.Parsing;
using Passthrough.Sdk;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Plans;

namespace Passthrough.Cli;

/// <summary>The options of <c>assign</c> and <c>plan</c>, which say how a domain gets its devices.</summary>
/// <param name="addresses">The argument of the verb with the devices.</param>
/// <param name="domains">The options of the verb with the domains.</param>
internal sealed class AssignmentOptions(Argument<PciAddress[]> addresses, DomainOptions domains)
{
    private readonly Option<bool> _card = WholeCard("Assign all functions of the card; in the definition they share one slot");
    private readonly Option<bool> _group = new("--whole-group") { Description = "Assign the other devices of the IOMMU group too" };
    private readonly Option<bool> _live = Live();
    private readonly Option<bool> _config = Config();
    private readonly Option<bool> _unmanaged = new("--unmanaged") { Description = "Bind the devices to VFIO now, and let libvirt leave their drivers alone (managed='no')" };
    private readonly Option<int> _ports = new("--spare-ports") { Description = "Leave this many PCI Express ports of the definition free for later", HelpName = "COUNT" };
    private readonly Option<string?> _alias = new("--alias") { Description = "The name of the one device in the domain; begins with ua-", HelpName = "NAME" };
    private readonly Option<string?> _rom = new("--rom") { Description = "The ROM of the one device (with --whole-card: of function 0): an absolute path, or off for none", HelpName = "FILE|off" };
    private readonly Option<PciAddress?> _place = new("--guest-address")
    {
        Description = "The address of the one device in the guest, for example 0000:05:00.0",
        HelpName = "ADDRESS",
        CustomParser = result => SharedOptions.ParseAddress(result, result.Tokens[0]),
    };

    /// <summary>Returns the option that means all functions of a card.</summary>
    public static Option<bool> WholeCard(string description) => new("--whole-card") { Description = description };

    /// <summary>Returns the option that means the running guest only.</summary>
    public static Option<bool> Live() => new("--live") { Description = "Change the running guest only, not the definition" };

    /// <summary>Returns the option that means the definition only.</summary>
    public static Option<bool> Config() => new("--config") { Description = "Change the definition only, which counts from the next start on" };

    /// <summary>Returns the scope that the two options mean together.</summary>
    public static AssignmentScope ScopeOf(bool live, bool config) =>
        live == config ? AssignmentScope.Both : live ? AssignmentScope.Live : AssignmentScope.Definition;

    /// <summary>Adds the options to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _card, _group, _live, _config, _unmanaged, _ports, _alias, _rom, _place })
        {
            command.Add(option);
        }

        command.Validators.Add(Check);
    }

    /// <summary>Makes the plan for the domains.</summary>
    public Plan Plan(ParseResult parsed, IReadOnlyList<ILibvirtDomain> guests, PlanOptions options) =>
        domains.Make(parsed, guests, (domain, devices) => new(domain, Of(parsed, devices)), options);

    private AssignmentRequest Of(ParseResult parsed, PciAddress[] devices) => new(devices)
    {
        WholeCards = parsed.GetValue(_card),
        WholeGroups = parsed.GetValue(_group),
        Scope = ScopeOf(parsed.GetValue(_live), parsed.GetValue(_config)),
        IsManaged = !parsed.GetValue(_unmanaged),
        SparePorts = parsed.GetValue(_ports),
        Elements = ElementsOf(devices[0], parsed.GetValue(_card), parsed.GetValue(_alias), parsed.GetValue(_rom), parsed.GetValue(_place)),
    };

    // A card has its ROM in its first function. Its place may be that of any function.
    private static ValueList<PassthroughDevice> ElementsOf(PciAddress device, bool isCard, string? alias, string? rom, PciAddress? place)
    {
        var first = isCard && rom is not null ? FirstOfCard(device) : device;
        var named = new PciHostDevice
        {
            Address = device,
            Alias = alias,
            Rom = first == device ? RomOf(rom) : null,
            GuestAddress = place is { } address ? new PciGuestAddress(address) : null,
        };
        return
        [
            .. named == new PciHostDevice { Address = device } ? Enumerable.Empty<PassthroughDevice>() : [named],
            .. first == device || rom is null ? Enumerable.Empty<PassthroughDevice>() : [new PciHostDevice { Address = first, Rom = RomOf(rom) }],
        ];
    }

    // Function 0, unless this host does not have it. A virtual function is a card of its own.
    private static PciAddress FirstOfCard(PciAddress device)
    {
        var devices = PassthroughHost.Local().Capture(CaptureOptions.DevicesOnly).Devices;
        return devices.TryGet(device, out var found) && found.PhysicalFunction is null
            ? devices.Where(other => other.Address.IsSameSlot(device) && other.PhysicalFunction is null).Min(other => other.Address)
            : device;
    }

    private static DeviceRom? RomOf(string? rom) => rom switch
    {
        null => null,
        "off" => new DeviceRom { Enabled = false },
        _ => new DeviceRom { File = rom },
    };

    private void Check(CommandResult result)
    {
        if (result.GetValue(_ports) < 0)
        {
            result.AddError("--spare-ports: must be 0 or more");
        }

        if (result.GetValue(_alias) is { } alias && (!alias.StartsWith("ua-", StringComparison.Ordinal) || alias.Length == "ua-".Length))
        {
            result.AddError($"--alias: libvirt keeps only names that begin with ua-; use ua-{alias}");
        }

        if (result.GetValue(_rom) is { } rom && rom != "off" && !rom.StartsWith('/'))
        {
            result.AddError($"--rom: '{rom}' is neither an absolute path nor off; libvirt's daemon opens the file and has another working directory");
        }

        if ((result.GetValue(_alias) is not null || result.GetValue(_rom) is not null || result.GetResult(_place) is not null) && (domains.AreSeveral(result) || result.GetValue(addresses) is not { Length: 1 }))
        {
            result.AddError("--alias, --rom and --guest-address: take one device; assign the devices in separate calls");
        }
    }
}
