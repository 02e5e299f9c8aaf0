using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Sdk.Explain;

/// <summary>Explains errors from the facts of the host on which they occurred.</summary>
/// <remarks>
/// These are pure functions: the text suggests causes, and the facts of the snapshot decide between them, so the same message
/// has different causes on different hosts. No file is read. Thread safety: all can be called concurrently.
/// </remarks>
public static class ExplainExtensions
{
    /// <summary>Explains why an error occurred on this host.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>, preferably with the details of the
    /// affected devices.</param>
    /// <param name="error">The error.</param>
    /// <param name="options">The options, which hold what else is known about the error; null for none.</param>
    /// <exception cref="LibvirtXmlException"><see cref="ExplainOptions.DomainXml"/> is not valid XML.</exception>
    public static Explanation Explain(this HostSnapshot snapshot, PassthroughError error, ExplainOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ArgumentNullException.ThrowIfNull(error);
        return ErrorExplainer.Explain(snapshot, error, options ?? new());
    }

    /// <summary>Explains why libvirt failed on this host.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>, preferably with the details of the
    /// affected devices.</param>
    /// <param name="error">libvirt's error.</param>
    public static Explanation Explain(this HostSnapshot snapshot, LibvirtException error) => Explain(snapshot, PassthroughError.From(error));

    /// <summary>Explains why a program printed this text on this host.</summary>
    /// <param name="snapshot">The host, captured with <see cref="CaptureOptions.System"/>, preferably with the details of the
    /// affected devices.</param>
    /// <param name="text">The printed text, one or more lines.</param>
    public static Explanation Explain(this HostSnapshot snapshot, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Explain(snapshot, new PassthroughError { Text = text });
    }
}
