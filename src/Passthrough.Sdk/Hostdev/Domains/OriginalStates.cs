using System.Runtime.CompilerServices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>The changes that libvirt made to a PCI device on the host and undoes when the domain stops: <c>&lt;origstates&gt;</c> of its state files.</summary>
/// <remarks>Only libvirt writes it. Thread safety: immutable.</remarks>
public sealed record OriginalStates
{
    private static readonly string[] KnownChildren = ["unbind", "removeslot", "reprobe"];

    /// <summary>Creates states without changes.</summary>
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

    /// <summary>Gets whether the device must be unbound from the stub driver.</summary>
    public bool Unbind { get; init; }

    /// <summary>Gets whether its slot must be removed from the stub driver's list.</summary>
    public bool RemoveSlot { get; init; }

    /// <summary>Gets whether the host's driver must probe it again.</summary>
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
