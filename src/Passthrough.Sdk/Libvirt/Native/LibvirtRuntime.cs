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

    /// <summary>The oldest supported version. It has every bound function, except those that are checked with <see cref="Has"/> or <see cref="Require"/>.</summary>
    internal static readonly Version OldestVersion = new(6, 0, 0);

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

    /// <summary>Refuses a call of a function that is newer than <see cref="OldestVersion"/>, and that the loaded library lacks.</summary>
    /// <param name="function">libvirt's name for it.</param>
    /// <param name="since">The version that brought it (libvirt-api.xml).</param>
    /// <exception cref="LibvirtTooOldException">The library lacks it.</exception>
    public static void Require(string function, Version since) => _ = Find(function, since);

    /// <summary>The address of a function, which the loaded library may lack.</summary>
    /// <inheritdoc cref="Require"/>
    public static nint Find(string function, Version since) =>
        NativeLibrary.TryGetExport(Library.Value, function, out var address) ? address : throw new LibvirtTooOldException(function, since, EnsureStarted());

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
        // What is missing in a library would be found call by call, as .NET's own exception.
        if (NativeFunctions.OfEveryVersion.FirstOrDefault(function => !Has(function)) is { } missing)
        {
            throw Has("virGetVersion") && ReadVersion() is var old && old < OldestVersion
                ? LibvirtNotAvailableException.TooOld(old, OldestVersion)
                : LibvirtNotAvailableException.WithoutFunction(missing);
        }

        // Without this libvirt prints every error to stderr.
        LibVirt.virSetErrorFunc(0, &Ignore);
        Ensure.Success(LibVirt.virInitialize(), null, "cannot initialise", "libvirt");
        var version = ReadVersion();
        if (version < OldestVersion)
        {
            throw LibvirtNotAvailableException.TooOld(version, OldestVersion);
        }

        EventLoop.Start();
        return version;
    }

    private static Version ReadVersion()
    {
        CULong number;
        Ensure.Success(LibVirt.virGetVersion(&number, null, null), null, "cannot read the version of", "libvirt");
        return ToVersion(number);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Ignore(nint userData, VirError* error)
    {
    }
}
