using System.Globalization;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>A VLAN into which the packets of a virtual function are put.</summary>
/// <param name="Id">The number of the VLAN, 1 to 4094; 0 for no VLAN.</param>
/// <param name="Priority">The priority of the packets (IEEE 802.1p), 0 to 7.</param>
/// <remarks>Source: <c>ip link show</c> (IFLA_VF_VLAN and IFLA_VF_VLAN_LIST of linux/if_link.h). Thread safety: immutable.</remarks>
public sealed record VlanTag(int Id, int Priority = 0)
{
    /// <summary>Gets the value for no VLAN.</summary>
    public static VlanTag None { get; } = new(0);

    /// <summary>Gets whether it is a service tag (IEEE 802.1ad, QinQ), so that the guest may use VLANs inside it; false for an ordinary tag (IEEE 802.1Q).</summary>
    public bool IsServiceTag { get; init; }

    /// <summary>Returns a text in the form that <c>ip link</c> uses: <c>100</c>, <c>100 qos 3</c>, <c>100 proto 802.1ad</c>.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Id}{(Priority == 0 ? "" : $" qos {Priority}")}{(IsServiceTag ? " proto 802.1ad" : "")}");

    /// <summary>Reads the text that <see cref="ToString"/> writes.</summary>
    internal static VlanTag? Parse(string text)
    {
        var words = text.Split(' ');
        if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return null;
        }

        var tag = new VlanTag(id);
        for (var i = 1; i + 1 < words.Length; i += 2)
        {
            tag = (words[i], words[i + 1]) switch
            {
                ("qos", var qos) when int.TryParse(qos, NumberStyles.None, CultureInfo.InvariantCulture, out var priority) => tag with { Priority = priority },
                ("proto", "802.1ad") => tag with { IsServiceTag = true },
                _ => tag,
            };
        }

        return tag;
    }
}
