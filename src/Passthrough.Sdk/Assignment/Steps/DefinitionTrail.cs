namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>
/// The domain's persistent definition as it was before the plan and as the plan's last step left it, so that undoing
/// gives the old bytes back where nobody else wrote meanwhile, and leaves other people's changes alone where somebody did.
/// </summary>
internal sealed class DefinitionTrail(string before, string? left)
{
    /// <summary>The definition before the plan's first step; empty for a transient domain.</summary>
    public string Before { get; } = before;

    /// <summary>The definition as the plan left it; null while the plan has not touched it.</summary>
    public string? Left { get; private set; } = left;

    /// <summary>Remembers the definition as it is now as the plan's own work.</summary>
    public string Mark(IAssignmentDomain domain) => Left = domain.ReadDefinition();

    /// <summary>Puts the definition back.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="takeBack">Takes back only this plan's change, when somebody else has changed the definition meanwhile.</param>
    public void Restore(IAssignmentDomain domain, Action takeBack)
    {
        var now = domain.ReadDefinition();
        if (now == Before)
        {
            return;
        }

        if (now == Left)
        {
            domain.Define(Before);
            if (Mark(domain) != Before)
            {
                throw new PassthroughException($"libvirt did not take back the old definition of {domain.Name} as it was; compare it with the journal's copy");
            }
        }
        else
        {
            takeBack();
        }
    }
}
