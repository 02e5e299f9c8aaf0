using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Reads the networks of a host: of this machine from its kernel, of a captured one from what the kernel had said, of any other from its files.</summary>
internal static class NetworkStateReader
{
    /// <summary>The file in a captured host that holds what the kernel said.</summary>
    public const string CapturedPath = "/.passthrough/network";

    /// <summary>Reads them.</summary>
    /// <param name="files">The host.</param>
    /// <param name="withSockets">Whether the sockets are read, and the threads of processes looked at.</param>
    /// <param name="open">Files of namespaces that a process keeps open.</param>
    public static NetworkState Read(ISysfs files, bool withSockets, ValueList<(string Namespace, string Path)> open = default)
    {
        if (files.Netlink is { IsWhole: true } netlink)
        {
            var live = LiveNetworkReader.Read(files, netlink, withSockets, open);
            if (live.IsKnown)
            {
                files.Keep(CapturedPath, NetworkStateText.Write(live.Value!));
                return live.Value!;
            }

            return FileNetworkReader.Read(files) with { Others = Fact.Unknown<int>(live.Source, live.Reason ?? "not read") };
        }

        return files.ReadText(CapturedPath) is { IsKnown: true, Value: { } text } && NetworkStateText.TryParse(text, out var captured)
            ? captured
            : FileNetworkReader.Read(files);
    }
}
