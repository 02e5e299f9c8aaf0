using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>A known message and its possible causes.</summary>
/// <remarks>
/// Names in a template with a special meaning: <c>device</c> (a PCI address of the host), <c>guest</c> (an address in the guest),
/// <c>group</c>, <c>domain</c>, <c>owner</c> (another domain), <c>driver</c>, <c>path</c>, <c>reason</c> (the C library's text for an
/// error), <c>mdev</c> (the UUID of a mediated device, and nothing else), <c>word</c>, <c>arch</c> and <c>variant</c> (one word, or the
/// rest of one), <c>rest</c> (a message inside this one). Other names are used only in titles and remedies.
/// </remarks>
internal sealed class ErrorPattern
{
    /// <param name="template">The message; see <see cref="MessageTemplate"/>.</param>
    /// <param name="causes">The possible causes, the most fundamental one first.</param>
    public ErrorPattern(string template, params ReadOnlySpan<ProposedCause> causes)
    {
        Template = new(template);
        Causes = [.. causes];
    }

    private ErrorPattern(ErrorPattern other, ErrorRole role)
    {
        (Template, Causes, Errno, IsXen, IsOfTables, Role) = (other.Template, other.Causes, other.Errno, other.IsXen, other.IsOfTables, role);
    }

    /// <summary>Gets the message.</summary>
    public MessageTemplate Template { get; }

    /// <summary>Gets the possible causes, the most fundamental one first.</summary>
    public ValueList<ProposedCause> Causes { get; }

    /// <summary>Gets what the message says about the cause.</summary>
    public ErrorRole Role { get; init; }

    /// <summary>Gets the error number that <c>{reason}</c> must have; null for any.</summary>
    public int? Errno { get; init; }

    /// <summary>Gets whether it concerns a guest of Xen.</summary>
    public bool IsXen { get; init; }

    /// <summary>Gets whether it depends only on the firmware's tables, so that working IOMMU groups prove it wrong.</summary>
    public bool IsOfTables { get; init; }

    /// <summary>Returns the same message in another role.</summary>
    public ErrorPattern As(ErrorRole role) => new(this, role);

    /// <summary>Returns a cause that the message proves.</summary>
    public static ProposedCause Certain(string id, string? title = null, string? remedy = null) => new(id, IsCertain: true, title, remedy);

    /// <summary>Returns the cause of an invalid domain definition, which the message itself describes.</summary>
    public static ProposedCause Definition(string? title = null, string? remedy = null) => new(FindingIds.DomainConfigInvalid, IsCertain: true, title, remedy);

    /// <summary>Returns causes that only the host's facts distinguish.</summary>
    public static ValueList<ProposedCause> Perhaps(params ReadOnlySpan<string> ids)
    {
        var causes = new List<ProposedCause>(ids.Length);
        foreach (var id in ids)
        {
            causes.Add(new(id));
        }

        return causes.ToValueList();
    }
}
