namespace Passthrough.Sdk.Libvirt;

/// <summary>What libvirt can ask for while a connection is opened: virConnectCredentialType.</summary>
/// <remarks>A value that this library does not know keeps its number.</remarks>
public enum LibvirtCredentialKind
{
    /// <summary>The identity to act as.</summary>
    UserName = 1,

    /// <summary>The identity to authenticate as.</summary>
    AuthenticationName = 2,

    /// <summary>The language, as in RFC 1766. It is not asked for.</summary>
    Language = 3,

    /// <summary>A nonce of the client. It is not asked for.</summary>
    ClientNonce = 4,

    /// <summary>A password.</summary>
    Passphrase = 5,

    /// <summary>An answer to a challenge, which may be shown while it is typed.</summary>
    EchoPrompt = 6,

    /// <summary>An answer to a challenge, which must not be shown while it is typed.</summary>
    NoEchoPrompt = 7,

    /// <summary>The realm of the authentication.</summary>
    Realm = 8,

    /// <summary>A credential that is managed elsewhere. It is not asked for.</summary>
    External = 9,
}
