using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Libvirt.Guests;

/// <summary>The channel of a running domain to the agent in its guest, as libvirt describes it.</summary>
internal static class GuestChannel
{
    private const string Name = "org.qemu.guest_agent.0";

    /// <summary>Returns why no agent can answer; null if one may.</summary>
    /// <param name="liveXml">The XML of the running domain.</param>
    public static string? WhySilent(string liveXml)
    {
        if (XmlTree.Parse(liveXml).Root.Child("devices") is not { } devices)
        {
            return NoChannel;
        }

        foreach (var channel in devices.Children)
        {
            if (channel.Name is "channel" && channel.Child("target") is { } target && target.Is("name", Name))
            {
                return target.Is("state", "disconnected") ? "no agent has opened the channel: install and start qemu-guest-agent in the guest" : null;
            }
        }

        return NoChannel;
    }

    private const string NoChannel = $"the domain has no channel for a guest agent ({Name})";
}
