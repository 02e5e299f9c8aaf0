using System.Collections.Immutable;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Explain;

/// <summary>A message that is known, and the causes it can have.</summary>
/// <remarks>
/// Names that mean something in a template: <c>device</c> (a PCI address of the host), <c>guest</c> (one of the guest, not of
/// the host), <c>group</c>, <c>domain</c>, <c>owner</c> (another domain), <c>driver</c>, <c>path</c>, <c>reason</c> (the C
/// library's words for an error), <c>rest</c> (a message within this one). Others are filled into titles only.
/// </remarks>
internal sealed class ErrorPattern
{
    /// <param name="template">The message; see <see cref="MessageTemplate"/>.</param>
    /// <param name="causes">What can be behind it, the root-most first.</param>
    public ErrorPattern(string template, params ReadOnlySpan<ProposedCause> causes)
    {
        Template = new(template);
        Causes = [.. causes];
    }

    private ErrorPattern(ErrorPattern other, ErrorRole role)
    {
        (Template, Causes, Errno, IsXen, Role) = (other.Template, other.Causes, other.Errno, other.IsXen, role);
    }

    /// <summary>The message.</summary>
    public MessageTemplate Template { get; }

    /// <summary>What can be behind it, the root-most first.</summary>
    public ImmutableArray<ProposedCause> Causes { get; }

    /// <summary>What it says of the cause.</summary>
    public ErrorRole Role { get; init; }

    /// <summary>The error number that <c>{reason}</c> must stand for; null: any.</summary>
    public int? Errno { get; init; }

    /// <summary>Whether it is about a guest of Xen.</summary>
    public bool IsXen { get; init; }

    /// <summary>The same message in another role.</summary>
    public ErrorPattern As(ErrorRole role) => new(this, role);

    /// <summary>A cause that the message leaves no doubt about.</summary>
    public static ProposedCause Certain(string id, string? title = null, string? remedy = null) => new(id, IsCertain: true, title, remedy);

    /// <summary>The domain's definition is wrong, and the message itself says how.</summary>
    public static ProposedCause Definition(string? title = null, string? remedy = null) => new(FindingIds.DomainConfigInvalid, IsCertain: true, title, remedy);

    /// <summary>Causes that only the host can tell apart.</summary>
    public static ImmutableArray<ProposedCause> Perhaps(params ReadOnlySpan<string> ids)
    {
        var causes = ImmutableArray.CreateBuilder<ProposedCause>(ids.Length);
        foreach (var id in ids)
        {
            causes.Add(new(id));
        }

        return causes.MoveToImmutable();
    }
}
