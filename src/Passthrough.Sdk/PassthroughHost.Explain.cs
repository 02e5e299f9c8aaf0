using System.Collections.Immutable;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk;

/// <content>Errors explained.</content>
public sealed partial class PassthroughHost
{
    /// <summary>
    /// Why an error came about on this host: finds out which devices and which domain it is about, reads the domain's log where
    /// there is one, captures what bears on it, and lets the facts decide.
    /// </summary>
    /// <param name="error">The error.</param>
    /// <param name="options">What is known already, which is then not looked for; null: nothing.</param>
    /// <returns>The explanation; not recognised when nothing known was found in the error or the log.</returns>
    /// <exception cref="LibvirtXmlException"><see cref="ExplainOptions.DomainXml"/> is no XML.</exception>
    public Explanation Explain(PassthroughError error, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        options = WithDomainFiles(error, options ?? new());
        var devices = ErrorExplainer.DevicesOf(Capture(CaptureOptions.DevicesOnly), error, options);
        return Capture(new CaptureOptions { DetailsOf = devices, OpenHandles = true }).Explain(error, options);
    }

    /// <summary>Why libvirt failed on this host; see <see cref="Explain(PassthroughError, ExplainOptions?)"/>.</summary>
    /// <param name="error">libvirt's error, or one that has it inside.</param>
    public Explanation Explain(Exception error) => Explain(PassthroughError.From(error));

    private ExplainOptions WithDomainFiles(PassthroughError error, ExplainOptions options)
    {
        IEnumerable<string> names = options.DomainName is { } name ? [name] : ErrorSubjects.In(ErrorLines.Of(error.Text)).Names;
        if (options.DomainXml is null && DomainFiles.ReadDefinition(Sysfs, names) is { IsKnown: true, Value: { } xml } && IsXml(xml))
        {
            options = options with { DomainXml = xml };
        }

        if (options.DomainLog is not null)
        {
            return options;
        }

        var log = ErrorExplainer.IsOfXen(error) ? DomainFiles.ReadXenLog(Sysfs) : DomainFiles.ReadLog(Sysfs, names);
        return log.IsKnown ? options with { DomainLog = log.Value, DomainLogSource = log.Source } : options;
    }

    // A file that libvirt is just writing, or that is no definition at all, says nothing.
    private static bool IsXml(string text)
    {
        try
        {
            DomainDocument.Parse(text);
            return true;
        }
        catch (LibvirtXmlException)
        {
            return false;
        }
    }
}
