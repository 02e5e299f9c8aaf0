using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>What libvirt did to a PCI device on the host and undoes when the domain stops: <c>&lt;origstates&gt;</c> of its state files.</summary>
/// <remarks>libvirt writes it, nobody else does. Thread safety: immutable.</remarks>
public sealed record OriginalStates
{
    private static readonly string[] KnownChildren = ["unbind", "removeslot", "reprobe"];

    /// <summary>Creates states that say nothing was done.</summary>
    public OriginalStates()
    {
    }

    private OriginalStates(XmlElementView element)
    {
        Unbind = element.Single("unbind") is not null;
        RemoveSlot = element.Single("removeslot") is not null;
        Reprobe = element.Single("reprobe") is not null;
        Unknown = UnknownXml.Of(element, [], KnownChildren);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static OriginalStates Read(XmlElementView element) => new(element);

    /// <summary>The device is to be unbound from the stub driver.</summary>
    public bool Unbind { get; init; }

    /// <summary>Its slot is to be removed from the stub driver's list.</summary>
    public bool RemoveSlot { get; init; }

    /// <summary>The host's driver is to probe it again.</summary>
    public bool Reprobe { get; init; }

    internal UnknownXml? Unknown { get; init; }

    internal void Write(ref XmlOut xml)
    {
        xml.Start("origstates", Unknown);
        xml.Mark("unbind", Unbind);
        xml.Mark("removeslot", RemoveSlot);
        xml.Mark("reprobe", Reprobe);
        xml.End();
    }
}
