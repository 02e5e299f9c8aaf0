using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Plans;

namespace Passthrough.Sdk.Assignment.Guests;

/// <summary>Compares the list of a guest with the devices that it should list.</summary>
internal static class GuestJudgement
{
    /// <summary>Returns an answer for each device.</summary>
    /// <param name="questions">The devices.</param>
    /// <param name="answer">What the guest lists now.</param>
    /// <param name="before">What it listed before the plan: a guest may have had a device of the same kind. If this is unknown, no device is known to be new.</param>
    /// <param name="limit">The time that the guest had, for the text.</param>
    public static ValueList<GuestCheck> Of(ValueList<GuestQuestion> questions, Fact<GuestPciDevices> answer, Fact<GuestPciDevices> before, TimeSpan limit)
    {
        // By address and ids, or by ids alone where there are no addresses: the driver may have changed.
        var fresh = new List<GuestPciDevice>(answer.Value?.Devices ?? []);
        foreach (var old in before.Value?.Devices ?? [])
        {
            var same = fresh.FindIndex(device => device with { Driver = null } == old with { Driver = null });
            if (same >= 0)
            {
                fresh.RemoveAt(same);
            }
        }

        return [.. questions.Select(question => Check(question, answer, before, fresh, limit))];
    }

    private static GuestCheck Check(GuestQuestion question, Fact<GuestPciDevices> answer, Fact<GuestPciDevices> before, List<GuestPciDevice> fresh, TimeSpan limit)
    {
        var device = question.Step.Device!.Value;
        if (question.Ids is not var (vendor, id))
        {
            return new(device, null, $"it is unknown whether the guest lists {device}: the kernel of the host does not report its ids");
        }

        var name = $"{vendor:x4}:{id:x4}";
        if (answer.Value is not { } list)
        {
            return new(device, null, $"it is unknown whether the guest lists {name}: {answer.Reason ?? "not asked"}");
        }

        var found = fresh.FindIndex(candidate => candidate.VendorId == vendor && candidate.DeviceId == id);
        if (found >= 0)
        {
            var listed = fresh[found];
            fresh.RemoveAt(found);
            var place = listed.Address is { } address ? $" at {address}" : "";
            if (before.Value is null)
            {
                return new(device, null, $"it is unknown whether the guest lists {name} of this plan: it lists one{place}, but did not say before the plan whether it had one already ({before.Reason ?? "not asked"})");
            }

            return new(device, true, $"the guest lists {name}{place}{(listed.Driver is null ? ", which has no driver yet" : $" with the driver {listed.Driver}")}") { Listed = listed };
        }

        return list.Vendors is { } vendors && !vendors.Contains(vendor)
            ? new(device, null, $"it is unknown whether the guest lists {name}: the agent on Windows lists only devices of Red Hat (1af4, 1b36)")
            : new(device, false, string.Create(
                CultureInfo.InvariantCulture,
                $"the guest does not list {name} after {limit.TotalSeconds:0.#} s; look at the kernel's messages in the guest (hot-plug needs a driver for PCI Express slots there)"));
    }
}
