using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>A network namespace of the host other than that of the reader: of a container, a service, or <c>ip netns</c>.</summary>
/// <param name="Id">Its number, as <c>readlink /proc/PID/ns/net</c> and <c>lsns</c> write it.</param>
/// <remarks>Thread safety: immutable.</remarks>
public sealed record NetworkNamespace(ulong Id)
{
    /// <summary>Gets the name under which <c>ip netns</c> knows it; null if it has none.</summary>
    public string? Name { get; init; }

    /// <summary>Gets the file that keeps it (<c>/run/netns/blue</c>, <c>/run/docker/netns/1a2b3c</c>); null if no mount keeps it. Source: /proc/self/mountinfo.</summary>
    public string? Path { get; init; }

    /// <summary>Gets a process that is in it, the one with the lowest number; null if there is none, or if the source does not report it.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Gets the name of that process as /proc/PID/comm has it; null if it is not known.</summary>
    public string? Command { get; init; }

    /// <summary>Gets the prefix that makes a command run in the namespace.</summary>
    public string Enter =>
        Name is not null ? $"ip netns exec {ShellArgument.Of(Name)}"
        : ProcessId is { } process ? $"nsenter --target {process} --net"
        : Path is not null ? $"nsenter --net={ShellArgument.Of(Path)}"
        : $"nsenter --net=(a file of net:[{Id}])";

    /// <summary>Returns a text such as <c>the network namespace blue</c> or <c>the network namespace of nginx (1234)</c>.</summary>
    public override string ToString() =>
        Name is not null ? $"the network namespace {Name}"
        : ProcessId is { } process ? $"the network namespace of {Command ?? "process"} ({process})"
        : $"the network namespace {Path ?? $"net:[{Id}]"}";
}
