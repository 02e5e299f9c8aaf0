using Passthrough.Sdk;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Cli;

/// <summary>Where a verb takes the host from: its files, or with <c>--connect</c> what its libvirt tells.</summary>
internal static class HostSource
{
    public const string Description = "Take the host from its libvirt at this URI instead of from files; what libvirt does not know is null";

    public static HostSnapshot Capture(string root, string? connect, CaptureOptions options)
    {
        if (connect is null)
        {
            return PassthroughHost.At(root).Capture(options);
        }

        using var libvirt = LibvirtConnection.Open(connect, new LibvirtConnectionOptions { ReadOnly = true });
        return LibvirtHost.Capture(libvirt);
    }
}
