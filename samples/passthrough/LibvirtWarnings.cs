using System.Runtime.InteropServices;

namespace Passthrough.Cli;

/// <summary>Keeps the warnings of libvirt's client library from stderr, where each error of this program is one line of its own.</summary>
/// <remarks>
/// The library writes them there by itself, with the time and the name of a C function; whatever they say also arrives as an error. It reads the variables once,
/// when it is initialised. LIBVIRT_DEBUG and LIBVIRT_LOG_* of the user are respected (libvirt: logging.html).
/// </remarks>
internal static partial class LibvirtWarnings
{
    private const string Level = "LIBVIRT_DEBUG";

    private static readonly string[] OfTheUser = [Level, "LIBVIRT_LOG_OUTPUTS", "LIBVIRT_LOG_FILTERS"];

    /// <summary>Sets the level to errors only, which libvirt does not write either. Before any other thread may read the environment.</summary>
    public static void Silence()
    {
        if (OperatingSystem.IsLinux() && Array.TrueForAll(OfTheUser, name => string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name))))
        {
            // Environment.SetEnvironmentVariable changes .NET's copy, which C does not see.
            _ = SetEnvironment(Level, "4", 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);
}
