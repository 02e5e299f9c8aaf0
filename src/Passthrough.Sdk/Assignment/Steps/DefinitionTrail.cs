using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Assignment.Steps;

/// <summary>
/// The domain's persistent definition before the plan and after the plan's last step, so that undoing
/// restores the old bytes if no other program changed it in the meantime, and keeps the changes of other programs otherwise.
/// </summary>
internal sealed class DefinitionTrail(string before, string? left)
{
    /// <summary>The definition before the plan's first step; empty for a transient domain.</summary>
    public string Before { get; } = before;

    /// <summary>The definition after the plan's last change; null if the plan has not changed it.</summary>
    public string? Left { get; private set; } = left;

    /// <summary>Records the current definition as the result of the plan.</summary>
    public async Task<string> MarkAsync(DomainCalls domain, CancellationToken cancellationToken) =>
        Left = await domain.RunAsync($"describe {domain.Name}", d => d.ReadDefinition(), cancellationToken).ConfigureAwait(false);

    /// <summary>Verifies that the definition requests a device as it did before the plan. A domain without a definition requests nothing.</summary>
    /// <exception cref="PassthroughException">It differs.</exception>
    public async Task VerifyAsync(DomainCalls domain, PciAddress device)
    {
        var now = await domain.RunAsync($"describe {domain.Name}", d => d.IsPersistent ? d.ReadDefinition() : null, CancellationToken.None).ConfigureAwait(false);
        if (now is null || Before.Length == 0)
        {
            return;
        }

        var asked = DomainXml.Asks(Before, device);
        if (DomainXml.Asks(now, device) != asked)
        {
            throw new PassthroughException(
                $"the definition of {domain.Name} {(asked ? $"no longer contains {device}, as it did before" : $"contains {device}, which it did not before")}: "
                + "another program changed it at the same time; recover again");
        }
    }

    // A device that both have must be the same in both: another program may have changed it.
    private static bool DifferOnlyIn(ValueList<PciAddress> devices, string now, string before) =>
        before.Length > 0
        && devices.All(device => !DomainXml.Asks(before, device) || !DomainXml.Asks(now, device) || DomainXml.StoredOf(device, now) == DomainXml.StoredOf(device, before))
        && DomainXml.Without(devices, now) is { } rest && rest == DomainXml.Without(devices, before);

    private void RestoreAccepted(IAssignmentDomain domain)
    {
        var before = AcceptedFindings.Read(Before);
        if (!AcceptedFindings.Read(domain.ReadDefinition()).SequenceEqual(before))
        {
            domain.SetAccepted(before);
        }
    }

    /// <summary>Restores the definition, unless the domain no longer has one.</summary>
    /// <param name="domain">The domain.</param>
    /// <param name="begun">The devices that the plan has begun to add or to remove. A program that was killed may have made it without recording the result.</param>
    /// <param name="takeBack">Undoes only this plan's change, if another program has changed the definition in the meantime.</param>
    public async Task RestoreAsync(DomainCalls domain, ValueList<PciAddress> begun, Func<Task> takeBack)
    {
        var now = await domain.RunAsync($"describe {domain.Name}", d => d.IsPersistent ? d.ReadDefinition() : null, CancellationToken.None).ConfigureAwait(false);
        if (now is null || now == Before)
        {
            return;
        }

        if (now == Left || DifferOnlyIn(begun, now, Before))
        {
            await domain.RunAsync($"define {domain.Name} as before", d => d.Define(Before), CancellationToken.None).ConfigureAwait(false);
            if (await MarkAsync(domain, CancellationToken.None).ConfigureAwait(false) != Before)
            {
                throw new PassthroughException($"libvirt did not restore the previous definition of {domain.Name} exactly; compare it with the copy in the journal");
            }
        }
        else
        {
            await takeBack().ConfigureAwait(false);
            await domain.RunAsync($"restore what was accepted for {domain.Name}", RestoreAccepted, CancellationToken.None).ConfigureAwait(false);
        }
    }
}
