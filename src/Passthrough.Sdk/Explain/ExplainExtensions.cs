using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Explain;

/// <summary>Explains errors by the facts of the host that they came from.</summary>
/// <remarks>
/// Pure functions: the text proposes causes, the facts of the snapshot decide between them, so that one and the same sentence
/// has different causes on different hosts. Nothing is read. Thread safety: all may be called at once.
/// </remarks>
public static class ExplainExtensions
{
    /// <summary>Why an error came about on this host.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>; best with the details of the devices in question.</param>
    /// <param name="error">The error.</param>
    /// <param name="options">What else is known; null: nothing.</param>
    /// <exception cref="LibvirtXmlException"><see cref="ExplainOptions.DomainXml"/> is no XML.</exception>
    public static Explanation Explain(this HostSnapshot snapshot, PassthroughError error, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(error);
        return ErrorExplainer.Explain(snapshot, error, options ?? new());
    }

    /// <summary>Why libvirt failed on this host.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>; best with the details of the devices in question.</param>
    /// <param name="error">libvirt's error.</param>
    public static Explanation Explain(this HostSnapshot snapshot, LibvirtException error) => Explain(snapshot, PassthroughError.From(error));

    /// <summary>Why a program printed this on this host.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>; best with the details of the devices in question.</param>
    /// <param name="text">What was printed, one line or many.</param>
    public static Explanation Explain(this HostSnapshot snapshot, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Explain(snapshot, new PassthroughError { Text = text });
    }
}
