using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>libvirt's test driver: in this process, no daemon, no rights.</summary>
internal static class TestDriver
{
    public const string Uri = "test:///default";

    public static void Require()
    {
        try
        {
            _ = LibvirtConnection.LibraryVersion;
        }
        catch (LibvirtNotAvailableException error)
        {
            Prerequisite.Require(false, error.Message);
        }
    }

    public static LibvirtConnection Open(LibvirtConnectionOptions? options = null)
    {
        Require();
        return LibvirtConnection.Open(Uri, options);
    }
}
