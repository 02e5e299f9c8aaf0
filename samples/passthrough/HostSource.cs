using Passthrough.Sdk;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;

namespace Passthrough.Cli;

/// <summary>The source of the host: its files, or with <c>--connect</c> its libvirt.</summary>
internal static class HostSource
{
    public const string Description = "Read the host from the libvirt at this URI instead of from files; what libvirt does not report is null";

    /// <summary>This machine, or the host of a directory. Only this machine itself acts.</summary>
    public static PassthroughHost Of(string root) =>
        Path.GetFullPath(root).Trim('/').Length == 0 ? PassthroughHost.Local() : PassthroughHost.At(root);

    public static HostSnapshot Capture(string root, string? connect, CaptureOptions options)
    {
        if (connect is null)
        {
            return PassthroughHost.At(root).Capture(options);
        }

        return LibvirtSession.Ask(connect, () =>
        {
            using var libvirt = LibvirtConnection.Open(connect, new LibvirtConnectionOptions { ReadOnly = true });
            return LibvirtHost.Capture(libvirt);
        });
    }
}
