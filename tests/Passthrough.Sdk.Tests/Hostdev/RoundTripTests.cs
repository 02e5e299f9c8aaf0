using System.Xml.Linq;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Networks;
using Passthrough.Sdk.Hostdev.NodeDevices;
using Passthrough.Sdk.Hostdev.Xml;

namespace Passthrough.Sdk.Tests.Hostdev;

/// <summary>libvirt-go-xml's method: every file through read and write, the trees compared, each exception named.</summary>
public sealed class RoundTripTests(ITestOutputHelper output)
{
    /// <summary>What libvirt itself refuses in these directories, and the word of ours that says why.</summary>
    private static readonly (string File, string Rule)[] Refused =
    [
        ("ccw_0_0_10000-invalid.xml", "0xffff"),
        ("css_0_0_10000-invalid.xml", "0xffff"),
        ("css_0_0_ffff_channel_dev_addr-invalid.xml", "0xffff"),
        ("hostdev-mdev-invalid-target-address.xml", "must use an address of type 'pci'"),
        ("hostdev-mdev-src-address-invalid.xml", "'uuid' is missing"),
        ("hostdev-pci-duplicate.xml", "already"),
        ("hostdev-mdev-display-ramfb-multiple.xml", "only one"),
        ("hostdev-scsi-vhost-scsi-pci-boot-fail.xml", "not supported by vhost SCSI devices"),
        ("hostdev-subsys-mdev-vfio-ap-boot-fail.xml", "not supported by mediated devices of model 'vfio-ap'"),
        ("hostdev-subsys-mdev-vfio-ccw-invalid-address.xml", "must use an address of type 'ccw'"),
        ("hostdev-vfio-zpci-duplicate.xml", "already reserved"),
        ("hostdev-vfio-zpci-uid-set-zero.xml", "must be > 0x0000"),
        ("hostdevs-drive-address-conflict.xml", "in use by another"),
        ("disk-hostdev-scsi-address-conflict.xml", "conflicts with"),
        ("hostdev-duplicate.xml", "only be listed once"),
    ];

    [Fact]
    public void Every_file_survives_reading_and_writing()
    {
        var comparer = new TreeComparer();
        int files = 0, elements = 0;
        foreach (var file in LibvirtCorpus.Files().Where(LibvirtCorpus.IsDocument))
        {
            var xml = File.ReadAllText(file);
            if (LibvirtCorpus.TryLoad(xml) is not { } tree || Refused.Any(r => file.EndsWith('/' + r.File, StringComparison.Ordinal)))
            {
                continue;
            }

            files++;
            Assert.Equal(xml, Rewritten(xml, file));
            foreach (var element in tree.DescendantsAndSelf())
            {
                if (Write(element) is { } written)
                {
                    elements++;
                    comparer.Compare(element, XElement.Parse(written), Path.GetFileName(file));
                    Assert.Equal(written, Write(XElement.Parse(written, LoadOptions.PreserveWhitespace)));
                }
            }
        }

        output.WriteLine($"{files} files, {elements} typed elements");
        foreach (var (exception, times) in comparer.Exceptions)
        {
            output.WriteLine($"exception, {times} times: {exception}");
        }

        Assert.Empty(comparer.Differences);
        Assert.True(files > 100 && elements > 100);
    }

    [Fact]
    public void What_libvirt_refuses_is_refused()
    {
        var files = LibvirtCorpus.Files().ToList();
        var met = 0;
        foreach (var (name, rule) in Refused)
        {
            foreach (var file in files.Where(f => f.EndsWith('/' + name, StringComparison.Ordinal)))
            {
                met++;
                var error = Assert.Throws<LibvirtXmlException>(() => Rewritten(File.ReadAllText(file), file));
                Assert.Contains(rule, error.Message, StringComparison.OrdinalIgnoreCase);
                Assert.NotNull(error.Line);
            }
        }

        Assert.Equal(Refused.Length, met);
        var errors = Directory.EnumerateFiles(Corpora.Require("libvirt"), "*.err", SearchOption.AllDirectories)
            .Select(f => Path.GetFileName(f).Split('.')[0] + ".xml");
        var invalid = files.Select(f => Path.GetFileName(f)!).Where(f => f.EndsWith("-invalid.xml", StringComparison.Ordinal));
        Assert.Empty(errors.Concat(invalid).Except(Refused.Select(r => r.File)));
    }

    /// <summary>A rule of the whole document is broken only inside its domain, so files are read whole first.</summary>
    private static string Rewritten(string xml, string file)
    {
        try
        {
            return LibvirtXml.Rewrite(xml);
        }
        catch (LibvirtXmlException e) when (e.Line is null)
        {
            throw new InvalidOperationException($"{file}: {e.Message}", e);
        }
    }

    private static string? Write(XElement element) => (element.Name.LocalName, (string?)element.Attribute("type")) switch
    {
        ("hostdev", _) when element.Parent?.Name != "devices" || element.Parent?.Parent?.Name != "domainCapabilities" =>
            HostDevice.Parse(element.ToString(SaveOptions.DisableFormatting)).ToXml(),
        ("interface", "hostdev") => HostInterface.Parse(element.ToString(SaveOptions.DisableFormatting)).ToXml(),
        ("device", _) when element.Element("capability") is not null =>
            NodeDeviceDescription.Parse(element.ToString(SaveOptions.DisableFormatting)).ToXml(),
        ("forward", _) when (string?)element.Attribute("mode") == "hostdev" => Pool(element),
        _ => null,
    };

    private static string Pool(XElement forward)
    {
        var pool = NetworkDocument.Parse($"<network>{forward}</network>").Pool!;
        var written = XElement.Parse(NetworkDocument.Parse("<network/>").WithPool(pool).ToString());
        return written.Element("forward")!.ToString();
    }
}
