using System.Collections.Immutable;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>What is known beside an error and the host.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record ExplainOptions
{
    /// <summary>The devices in question; empty: those that the error or <see cref="DomainXml"/> names.</summary>
    public ImmutableArray<PciAddress> Devices { get; init; } = [];

    /// <summary>The domain's name, by which <see cref="PassthroughHost.Explain(PassthroughError, ExplainOptions?)"/> finds its log and its definition; null: as the error says.</summary>
    public string? DomainName { get; init; }

    /// <summary>The domain's log, of QEMU or of libxl, whole or its end: only the last start in it counts. Null: none.</summary>
    public string? DomainLog { get; init; }

    /// <summary>Where <see cref="DomainLog"/> was read, for the evidence; null: not known.</summary>
    public string? DomainLogSource { get; init; }

    /// <summary>The domain's XML; null: not known.</summary>
    public string? DomainXml { get; init; }

    /// <summary>The kind of guest; null: as the XML, the error or the host says.</summary>
    public GuestKind? Guest { get; init; }

    /// <summary>What libvirt says; null: it was not asked.</summary>
    public LibvirtFacts? Libvirt { get; init; }
}
