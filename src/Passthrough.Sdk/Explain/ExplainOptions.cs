using Passthrough.Sdk.Explain.Translations;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Explain;

/// <summary>Additional information for the explanation of an error.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ExplainOptions
{
    /// <summary>Gets the affected devices; empty for those that the error or <see cref="DomainXml"/> names.</summary>
    public ValueList<PciAddress> Devices { get; init; } = [];

    /// <summary>Gets the domain's name, with which <see cref="PassthroughHost.Explain(PassthroughError, ExplainOptions?)"/>
    /// finds its log and its definition; null for the name in the error.</summary>
    public string? DomainName { get; init; }

    /// <summary>Gets the domain's log, of QEMU or of libxl, complete or its end: only the last start in it counts. Null for none.</summary>
    public string? DomainLog { get; init; }

    /// <summary>Gets the source from which <see cref="DomainLog"/> was read, for the evidence; null if this is not known.</summary>
    public string? DomainLogSource { get; init; }

    /// <summary>Gets the domain's XML; null if it is not known.</summary>
    public string? DomainXml { get; init; }

    /// <summary>Gets the kind of guest; null to derive it from the XML, the error or the host.</summary>
    public GuestKind? Guest { get; init; }

    /// <summary>
    /// Gets catalogues of translated messages, for a text that is not in English. If empty, only those of the host are used, if
    /// <see cref="PassthroughHost.Explain(PassthroughError, ExplainOptions?)"/> reads them, and a small table in this library.
    /// They are used only if the text is not recognised without them.
    /// </summary>
    public ValueList<MessageCatalog> Catalogs { get; init; } = [];

    /// <summary>Gets the facts from libvirt; null if it was not queried.</summary>
    public LibvirtFacts? Libvirt { get; init; }
}
