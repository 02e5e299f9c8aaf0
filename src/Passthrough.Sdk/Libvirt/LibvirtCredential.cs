namespace Passthrough.Sdk.Libvirt;

/// <summary>A question that libvirt asks while a connection is opened: for a user's name, a password and so on.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Prompt">libvirt's words for it, which may be shown to a person: <c>Enter root's password for hostname</c>.</param>
/// <remarks>Thread safety: immutable. Source: <c>virConnectCredential</c>.</remarks>
public sealed record LibvirtCredential(LibvirtCredentialKind Kind, string Prompt)
{
    /// <summary>Gets an additional text to display; null if there is none.</summary>
    public string? Challenge { get; init; }

    /// <summary>Gets the answer that libvirt suggests; null if it suggests none.</summary>
    public string? Suggestion { get; init; }
}
