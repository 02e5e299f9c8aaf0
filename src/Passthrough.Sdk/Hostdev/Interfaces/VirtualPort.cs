using System.Diagnostics.CodeAnalysis;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev;

/// <summary>The switch profile of an interface: <c>&lt;virtualport type='802.1Qbh'&gt;&lt;parameters profileid='x'/&gt;</c>.</summary>
/// <remarks>libvirt supports 802.1Qbh on virtual functions and refuses the other types at start. Thread safety: immutable.</remarks>
public sealed record VirtualPort
{
    /// <summary>Creates an 802.1Qbh profile.</summary>
    /// <param name="profileId">The profile's name on the switch.</param>
    [SetsRequiredMembers]
    public VirtualPort(string profileId)
    {
        Type = "802.1Qbh";
        ProfileId = profileId;
    }

    /// <summary>Creates a profile; set <see cref="Type"/>.</summary>
    public VirtualPort()
    {
    }

    [SetsRequiredMembers]
    internal VirtualPort(XmlElementView element)
    {
        Type = element.RequiredAttribute("type");
        if (element.Single("parameters") is { } parameters)
        {
            ProfileId = parameters.Attribute("profileid");
            HasParameters = true;
            UnknownInParameters = UnknownXml.Of(parameters, ["profileid"], []);
        }

        Unknown = UnknownXml.Of(element, ["type"], ["parameters"]);
    }

    /// <summary>Gets the kind of profile: <c>802.1Qbh</c>, <c>802.1Qbg</c>, <c>openvswitch</c> or <c>midonet</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Gets the profile's name on the switch; null for none.</summary>
    public string? ProfileId { get; init; }

    internal bool HasParameters { get; init; }

    internal UnknownXml? UnknownInParameters { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("virtualport", Unknown);
        xml.Attribute("type", Type);
        if (ProfileId is not null || HasParameters)
        {
            xml.Start("parameters", UnknownInParameters);
            xml.Attribute("profileid", ProfileId);
            xml.End();
        }

        xml.End();
    }
}
