using System.Xml;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Hostdev.Domains;

/// <summary>
/// The ids of findings that the operator has accepted for a domain, in the metadata of its definition: the guards that are asked at
/// each start then let the domain start in spite of them.
/// </summary>
/// <remarks>
/// libvirt keeps one element of a namespace in <c>&lt;metadata&gt;</c> and does not interpret it (<c>virsh metadata DOMAIN --uri URI</c>). Ours is
/// <c>&lt;passthrough:accepted&gt;</c> with one <c>&lt;passthrough:finding&gt;</c> for each id.
/// </remarks>
public static class AcceptedFindings
{
    /// <summary>The namespace of the element.</summary>
    public const string NamespaceUri = "urn:passthrough-sdk:accepted";

    /// <summary>The prefix that the namespace gets in the definition.</summary>
    public const string Prefix = "passthrough";

    private const string Root = "accepted";
    private const string Each = "finding";

    /// <summary>Returns the ids in the metadata of a domain; empty if it has none of this library.</summary>
    /// <param name="domainXml">The XML of the domain, as libvirt writes it. A text that does not contain <see cref="NamespaceUri"/> has no ids, and is not parsed.</param>
    /// <exception cref="XmlException">It contains <see cref="NamespaceUri"/>, and is not well-formed.</exception>
    public static ValueList<string> Read(string domainXml)
    {
        ArgumentNullException.ThrowIfNull(domainXml);
        if (!domainXml.Contains(NamespaceUri, StringComparison.Ordinal))
        {
            return [];
        }

        var ids = new List<string>();
        using var reader = XmlReader.Create(new StringReader(domainXml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, IgnoreComments = true });
        var path = new Stack<string>();
        while (reader.Read())
        {
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    path.Push(reader.NamespaceURI == NamespaceUri ? $"+{reader.LocalName}" : reader.LocalName);
                    if (reader.IsEmptyElement)
                    {
                        path.Pop();
                    }

                    break;
                case XmlNodeType.EndElement:
                    path.Pop();
                    break;
                case XmlNodeType.Text when path is { Count: 4 } && path.SequenceEqual([$"+{Each}", $"+{Root}", "metadata", "domain"]):
                    ids.Add(reader.Value.Trim());
                    break;
            }
        }

        return [.. ids.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Returns the element for libvirt (<c>virDomainSetMetadata</c>), without namespace and prefix, which libvirt adds; null for no id, which removes it.</summary>
    /// <param name="ids">The ids, such as <c>device.is-boot-display</c>.</param>
    public static string? Write(ValueList<string> ids) => ids.IsEmpty ? null
        : $"<{Root}>{string.Concat(ids.Select(id => $"<{Each}>{System.Security.SecurityElement.Escape(id)}</{Each}>"))}</{Root}>";
}
