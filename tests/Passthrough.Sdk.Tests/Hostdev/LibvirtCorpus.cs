using System.Xml;
using System.Xml.Linq;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>The XML files of libvirt's and virt-manager's own tests.</summary>
internal static class LibvirtCorpus
{
    private static readonly string[] Folders = ["libvirt", "virt-manager"];

    /// <summary>Every file that is XML; the others, diffs and lists of several documents, are named by <see cref="IsDocument"/>.</summary>
    public static IEnumerable<string> Files() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Corpora.Require(folder), "*.xml", SearchOption.AllDirectories))
        .Order(StringComparer.Ordinal);

    /// <summary>
    /// virt-manager's cli/compare holds diffs and lines of virsh between documents, libvirt's mdevctl-list-*.out.xml no or
    /// several roots: no XML reader takes them.
    /// </summary>
    public static bool IsDocument(string file) =>
        !file.Contains("/cli/compare/", StringComparison.Ordinal) && !file.Contains("/mdevctl-list-", StringComparison.Ordinal);

    /// <summary>The document as .NET's reader sees it; null when it refuses it.</summary>
    public static XElement? TryLoad(string xml)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit });
            return XElement.Load(reader, LoadOptions.PreserveWhitespace);
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
