using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>libvirt in this process: found, loaded, silenced and given its event loop, once, before the first connection.</summary>
/// <remarks>
/// The statics here mirror what is one per process in libvirt itself: the library, its initialisation and its event
/// loop. A library that was not found is looked for again at the next call; nothing else is retried.
/// </remarks>
internal static unsafe class LibvirtRuntime
{
    /// <summary>The user's own choice of a file: this environment variable, else <see cref="PathSetting"/>.</summary>
    internal const string PathVariable = "PASSTHROUGH_LIBVIRT_LIBRARY";

    /// <summary>The same as a property of runtimeconfig.json or AppContext.</summary>
    internal const string PathSetting = "Passthrough.Sdk.LibvirtLibrary";

    /// <summary>The oldest version that has every bound function, except those that are checked with <see cref="Has"/>.</summary>
    internal static readonly Version OldestVersion = new(5, 0, 0);

    private static readonly string[] DefaultNames = ["libvirt.so.0", "libvirt.so"];

    private static readonly string[] QemuNames = ["libvirt-qemu.so.0", "libvirt-qemu.so"];

    private static readonly Lazy<nint> Library = new(Load, LazyThreadSafetyMode.PublicationOnly);

    private static readonly Lazy<nint> Qemu = new(LoadQemu, LazyThreadSafetyMode.PublicationOnly);

    private static readonly Lazy<Version> Started = new(Start, LazyThreadSafetyMode.ExecutionAndPublication);

    // Once per assembly, whatever becomes of the loading.
    static LibvirtRuntime() => NativeLibrary.SetDllImportResolver(typeof(LibvirtRuntime).Assembly, Resolve);

    /// <summary>Makes libvirt ready; every call after the first is free.</summary>
    /// <returns>The version of the loaded library.</returns>
    /// <exception cref="LibvirtNotAvailableException">There is no libvirt here that can be used.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine does not run Linux, and no library was chosen.</exception>
    public static Version EnsureStarted()
    {
        _ = Library.Value;
        return Started.Value;
    }

    /// <summary>Loads libvirt's library of the functions that only QEMU's domains have; every call after the first is free.</summary>
    /// <exception cref="LibvirtNotAvailableException">It is not installed, or does not belong to the loaded libvirt.</exception>
    public static void EnsureQemu() => _ = Qemu.Value;

    /// <summary>Whether the loaded library has a function that is newer than <see cref="OldestVersion"/>.</summary>
    public static bool Has(string function) => NativeLibrary.TryGetExport(Library.Value, function, out _);

    /// <summary>Whether the library for QEMU has a function.</summary>
    public static bool QemuHas(string function) => NativeLibrary.TryGetExport(Qemu.Value, function, out _);

    /// <summary>libvirt's number for a version: major * 1,000,000 + minor * 1,000 + release.</summary>
    public static Version ToVersion(CULong number)
    {
        var value = (int)number.Value;
        return new Version(value / 1_000_000, value / 1_000 % 1_000, value % 1_000);
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath) => libraryName switch
    {
        LibVirt.Library => Library.Value,
        LibVirt.QemuLibrary => Qemu.Value,
        _ => 0,
    };

    private static string? ChosenPath()
    {
        var chosen = Environment.GetEnvironmentVariable(PathVariable);
        return string.IsNullOrEmpty(chosen) ? AppContext.GetData(PathSetting) as string : chosen;
    }

    // Beside a chosen libvirt first: each release of it has its own library for QEMU, which uses libvirt's private functions.
    private static nint LoadQemu()
    {
        _ = Library.Value;
        var directory = Path.GetDirectoryName(ChosenPath());
        foreach (var name in string.IsNullOrEmpty(directory) ? QemuNames : QemuNames.Select(name => Path.Join(directory, name)).Concat(QemuNames))
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return library;
            }
        }

        throw LibvirtNotAvailableException.NoQemu(QemuNames[0]);
    }

    private static nint Load()
    {
        OpenSsl.Prepare();
        var chosen = ChosenPath();
        if (!string.IsNullOrEmpty(chosen))
        {
            return NativeLibrary.TryLoad(chosen, out var own) ? own : throw LibvirtNotAvailableException.NotLoaded(chosen);
        }

        LinuxOnly.Require(
            "A connection to libvirt",
            "run the program on Linux, from where qemu+ssh:// reaches other hosts; LibvirtHost.Read makes a snapshot of the output of virsh nodedev-dumpxml anywhere");
        foreach (var name in DefaultNames)
        {
            if (NativeLibrary.TryLoad(name, out var library))
            {
                return library;
            }
        }

        throw LibvirtNotAvailableException.NotFound(DefaultNames[0]);
    }

    private static Version Start()
    {
        // Without this libvirt prints every error to stderr.
        LibVirt.virSetErrorFunc(0, &Ignore);
        CULong number;
        Ensure.Success(LibVirt.virInitialize(), "cannot initialise", "libvirt");
        Ensure.Success(LibVirt.virGetVersion(&number, null, null), "cannot read the version of", "libvirt");
        var version = ToVersion(number);
        if (version < OldestVersion)
        {
            throw LibvirtNotAvailableException.TooOld(version, OldestVersion);
        }

        EventLoop.Start();
        return version;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint userData, VirError* error)
    {
    }
}
