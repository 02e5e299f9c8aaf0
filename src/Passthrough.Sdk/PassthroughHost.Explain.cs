using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Explain.Translations;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk;

/// <content>Errors explained.</content>
public sealed partial class PassthroughHost
{
    /// <inheritdoc/>
    public Explanation Explain(PassthroughError error, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(error);
        options ??= new();
        var translation = ErrorExplainer.NeedsTranslation(error) ? MessageTranslator.Translate(ErrorLines.Of(error.Text), ReadCatalogs().Concat(options.Catalogs)) : null;
        var english = translation is { IsTranslated: true } ? error with { Text = string.Join('\n', translation.Lines) } : error;
        options = WithDomainFiles(english, options);
        var devices = ErrorExplainer.DevicesOf(Capture(CaptureOptions.DevicesOnly), english, options);
        return ErrorExplainer.Explain(Capture(new CaptureOptions { DetailsOf = devices, OpenHandles = true }), error, options, translation);
    }

    /// <inheritdoc/>
    public ValueList<MessageCatalog> ReadMessageCatalogs() => [.. ReadCatalogs()];

    private IEnumerable<MessageCatalog> ReadCatalogs() => LocaleFiles.Read(Sysfs).Select(file => MessageCatalog.Parse(file.Content, file.Path));

    /// <inheritdoc/>
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
