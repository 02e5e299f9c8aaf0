namespace Passthrough.Sdk.DesiredState;

/// <summary>When a part of a desired state holds.</summary>
public enum StateScope
{
    /// <summary>Now, and after every boot: the running kernel and the files of the host are managed. In a document: <c>always</c>.</summary>
    NowAndAtBoot = 0,

    /// <summary>Now only: the files for the next boot are left alone. In a document: <c>now</c>.</summary>
    Now = 1,

    /// <summary>From the next boot on: the running kernel is left alone. In a document: <c>boot</c>.</summary>
    AtBoot = 2,
}
