using System.Text.Json;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>Asks the agent in a guest for the PCI devices that the guest lists.</summary>
internal static class GuestPciReader
{
    private const string ProcFile = "/proc/bus/pci/devices";

    private const string SysfsFolder = "/sys/bus/pci/devices";

    /// <summary>Asks for the devices: a Linux guest by reading a file, or by a script if the agent reads no files; Windows by its own command.</summary>
    /// <returns>The devices with the source in the guest, or the reason why they are unknown.</returns>
    /// <exception cref="GuestSilentException">The agent does not answer, or not before the deadline.</exception>
    public static async Task<Fact<GuestPciDevices>> ReadAsync(GuestAgent agent, CancellationToken cancellationToken)
    {
        var source = "guest-get-osinfo";
        try
        {
            var system = await agent.AskAsync(source, null, cancellationToken).ConfigureAwait(false);
            if (system.ValueKind != JsonValueKind.Object)
            {
                return Fact.Unknown<GuestPciDevices>(source, "the guest agent does not describe the guest's system");
            }

            // A Linux guest without /etc/os-release has no id; Windows always has this one.
            if (GuestAnswer.Text(system, "id") != "mswindows")
            {
                return await ReadUnixAsync(agent, cancellationToken).ConfigureAwait(false);
            }

            source = "guest-get-devices";
            var listed = await agent.AskAsync(source, null, cancellationToken).ConfigureAwait(false);
            return Fact.Known(new GuestPciDevices(GuestPciLists.ReadWindows(listed)) { Vendors = GuestPciLists.VendorsOnWindows }, source);
        }
        catch (PassthroughException e)
        {
            return Fact.Unknown<GuestPciDevices>(source, GuestAgent.Printable(e.Message));
        }
    }

    // A file first: it changes nothing in the guest, and no program has to run there.
    private static async Task<Fact<GuestPciDevices>> ReadUnixAsync(GuestAgent agent, CancellationToken cancellationToken)
    {
        string whyNoFile;
        try
        {
            var text = await GuestFile.ReadAsync(agent, ProcFile, cancellationToken).ConfigureAwait(false);
            return Fact.Known(new GuestPciDevices(GuestPciLists.ReadProc(text)), ProcFile);
        }
        catch (PassthroughException e)
        {
            whyNoFile = e.Message;
        }

        try
        {
            var text = await GuestProgram.RunAsync(agent, GuestPciLists.Script, cancellationToken).ConfigureAwait(false);
            return Fact.Known(new GuestPciDevices(GuestPciLists.ReadSysfs(text)), SysfsFolder);
        }
        catch (PassthroughException e)
        {
            return Fact.Unknown<GuestPciDevices>(SysfsFolder, GuestAgent.Printable($"{whyNoFile}; {e.Message}"));
        }
    }
}
