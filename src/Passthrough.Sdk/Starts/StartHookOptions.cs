using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Starts;

/// <summary>The hook that libvirt calls before each start of a domain.</summary>
public sealed record StartHookOptions
{
    /// <summary>
    /// Gets the program and its arguments, without a shell. It is called as root, by libvirt's daemon, only for domains that may take devices of the
    /// host. It gets the domain's XML on standard input, and the name of the domain as its last argument, which may look like an option: end the command with <c>--</c> if the program understands that. Exit code 0 lets the domain
    /// start; 1 refuses the start, and the line on standard error is the reason that libvirt reports; any other exit code is a failure. The
    /// program must not call libvirt, which waits for it.
    /// </summary>
    public required ValueList<string> Command { get; init; }

    /// <summary>
    /// Gets whether a domain with devices of the host starts although the program is missing or failed. False, the default, refuses the start.
    /// Domains without such devices always start.
    /// </summary>
    public bool AllowsOnFailure { get; init; }
}
