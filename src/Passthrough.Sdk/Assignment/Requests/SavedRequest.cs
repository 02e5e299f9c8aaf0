using Passthrough.Sdk.Hostdev;
using Passthrough.Sdk.Plans;
using Passthrough.Sdk.Plans.Saved;

namespace Passthrough.Sdk.Assignment.Requests;

/// <summary>Converts requests to the JSON of a saved plan and back. The devices are those of the plan.</summary>
internal static class SavedRequest
{
    /// <summary>Returns what differs from the defaults; null if nothing does.</summary>
    public static PlanDocumentRequest? Of(AssignmentRequest request) => NullIfEmpty(new()
    {
        Scope = NameOf(request.Scope),
        WholeCards = request.WholeCards ? true : null,
        WholeGroups = request.WholeGroups ? true : null,
        Managed = request.IsManaged ? null : false,
        Elements = request.Elements.IsEmpty ? null : [.. request.Elements.Select(element => element.ToXml())],
        SparePorts = request.SparePorts == 0 ? null : request.SparePorts,
    });

    /// <inheritdoc cref="Of(AssignmentRequest)"/>
    public static PlanDocumentRequest? Of(ReleaseRequest request) => NullIfEmpty(new()
    {
        Scope = NameOf(request.Scope),
        WholeCards = request.WholeCards ? true : null,
    });

    /// <exception cref="SavedPlanException">The document was changed by hand.</exception>
    public static AssignmentRequest Assignment(PlanDocument document) => new(document.Devices)
    {
        Scope = ScopeOf(document.Request?.Scope),
        WholeCards = document.Request?.WholeCards ?? false,
        WholeGroups = document.Request?.WholeGroups ?? false,
        IsManaged = document.Request?.Managed ?? true,
        Elements = [.. (document.Request?.Elements ?? []).Select(ElementOf)],
        SparePorts = document.Request?.SparePorts is not { } ports ? 0
            : ports >= 0 ? ports
            : throw Damaged($"a negative number of spare ports ({ports})"),
    };

    /// <exception cref="SavedPlanException">The document was changed by hand.</exception>
    public static ReleaseRequest Release(PlanDocument document) => new(document.Devices)
    {
        Scope = ScopeOf(document.Request?.Scope),
        WholeCards = document.Request?.WholeCards ?? false,
    };

    private static PlanDocumentRequest? NullIfEmpty(PlanDocumentRequest request) => request == new PlanDocumentRequest() ? null : request;

    private static string? NameOf(AssignmentScope scope) => scope switch
    {
        AssignmentScope.Live => "live",
        AssignmentScope.Definition => "definition",
        _ => null,
    };

    private static AssignmentScope ScopeOf(string? name) => name switch
    {
        null => AssignmentScope.Both,
        "live" => AssignmentScope.Live,
        "definition" => AssignmentScope.Definition,
        _ => throw Damaged($"the scope '{name}', which is neither live nor definition"),
    };

    // JSON can contain a null in any list.
    private static PassthroughDevice ElementOf(string? xml)
    {
        if (xml is null)
        {
            throw Damaged("an element that is null");
        }

        try
        {
            return PassthroughDevice.ParseAny(xml);
        }
        catch (LibvirtXmlException e)
        {
            throw Damaged($"an element that cannot be read ({e.Message})");
        }
    }

    private static SavedPlanException Damaged(string what) => new(SavedPlanProblem.Damaged, $"the saved plan contains {what}; save it again (Plan.ToJson)");
}
