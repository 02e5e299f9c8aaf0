using System.Runtime.InteropServices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Finding the library. What depends on the environment runs in a process of its own, since a library stays loaded.</summary>
public sealed class LibraryTests
{
    private const string Missing = "/nonexistent/libvirt.so.0";

    [Fact]
    public void The_version_is_libvirts_own()
    {
        TestDriver.Require();
        Assert.True(LibvirtConnection.LibraryVersion >= LibvirtRuntime.OldestVersion);
        Assert.Equal(new Version(12, 34, 567), LibvirtRuntime.ToVersion(new CULong(12_034_567u)));
    }

    [Fact]
    public async Task A_chosen_library_that_is_not_there_is_named_with_the_way_out() =>
        await Passes(nameof(Explicitly_without_a_library), (LibvirtRuntime.PathVariable, Missing));

    [Fact]
    public async Task A_chosen_library_is_used()
    {
        TestDriver.Require();
        var own = NativeLibrary.Load("libvirt.so.0");
        NativeLibrary.Free(own);
        await Passes(nameof(Explicitly_with_the_machines_library), (LibvirtRuntime.PathVariable, "libvirt.so.0"));
    }

    [Fact]
    public async Task Nothing_is_printed_to_stderr_whatever_fails()
    {
        TestDriver.Require();
        var (code, output, error) = await OwnProcess.Run(
            ["--filter-class", typeof(ConnectionTests).FullName!, typeof(DomainTests).FullName!, typeof(NodeDeviceTests).FullName!]);
        Assert.True(code == 0, output);
        Assert.Equal("", error);
    }

    [Fact]
    public async Task The_library_for_QEMU_is_found_for_a_chosen_libvirt_too()
    {
        TestDriver.Require();
        var folder = Directory.CreateTempSubdirectory("passthrough-libvirt-");
        try
        {
            File.CreateSymbolicLink(Path.Join(folder.FullName, "libvirt.so.0"), LoadedFile());
            await Passes(nameof(Explicitly_beside_a_chosen_library), (LibvirtRuntime.PathVariable, Path.Join(folder.FullName, "libvirt.so.0")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact(Explicit = true)]
    public void Explicitly_beside_a_chosen_library()
    {
        // No library for QEMU is beside it, so the machine's own is found, which belongs to the same release.
        using var libvirt = LibvirtConnection.Open(TestDriver.Uri);
        LibvirtRuntime.EnsureQemu();
        Assert.True(LibvirtRuntime.QemuHas(nameof(LibVirt.virDomainQemuAgentCommand)));
        Assert.Contains("'libvirt-qemu.so.0' cannot be loaded", LibvirtNotAvailableException.NoQemu("libvirt-qemu.so.0").Message, StringComparison.Ordinal);
        Assert.Equal(LibvirtErrorCode.NoDomain, Assert.Throws<LibvirtException>(() => libvirt.GetDomain("none")).Code); // one libvirt, with one last error
    }

    [Fact]
    public async Task A_library_that_is_not_libvirt_is_named_with_the_function_that_it_lacks() =>
        await Passes(nameof(Explicitly_with_another_library), (LibvirtRuntime.PathVariable, "libc.so.6"));

    [Fact(Explicit = true)]
    public void Explicitly_with_another_library()
    {
        var error = Assert.Throws<LibvirtNotAvailableException>(() => LibvirtConnection.Open(TestDriver.Uri));
        Assert.Contains("has no function virConnectClose", error.Message, StringComparison.Ordinal);
        Assert.Contains(LibvirtRuntime.PathVariable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_is_newer_than_the_library_names_both_versions()
    {
        TestDriver.Require();
        LibvirtRuntime.Require("virInitialize", new Version(0, 1, 0));
        var error = Assert.Throws<LibvirtTooOldException>(() => LibvirtRuntime.Require("virNoSuchFunction", new Version(99, 1, 0)));
        Assert.Equal(("virNoSuchFunction", new Version(99, 1, 0), LibvirtConnection.LibraryVersion), (error.Function, error.Needed, error.Found));
        Assert.StartsWith($"virNoSuchFunction needs libvirt 99.1.0 or newer, and this machine has libvirt {error.Found};", error.Message, StringComparison.Ordinal);
    }

    private static string LoadedFile()
    {
        NativeLibrary.Free(NativeLibrary.Load("libvirt.so.0"));
        return File.ReadLines("/proc/self/maps").Select(line => line[(line.LastIndexOf(' ') + 1)..]).First(path => path.Contains("/libvirt.so.0", StringComparison.Ordinal));
    }

    [Fact(Explicit = true)]
    public void Explicitly_without_a_library()
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = Assert.Throws<LibvirtNotAvailableException>(() => LibvirtConnection.Open(TestDriver.Uri));
            Assert.Contains($"'{Missing}'", error.Message, StringComparison.Ordinal);
            Assert.Contains(LibvirtRuntime.PathVariable, error.Message, StringComparison.Ordinal);
        }

        // It is looked for again: the setting counts at the next call.
        Environment.SetEnvironmentVariable(LibvirtRuntime.PathVariable, null);
        AppContext.SetData(LibvirtRuntime.PathSetting, "/nonexistent/other.so");
        Assert.Contains("other.so", Assert.Throws<LibvirtNotAvailableException>(() => LibvirtConnection.LibraryVersion).Message, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Explicitly_with_the_machines_library()
    {
        using var libvirt = LibvirtConnection.Open(TestDriver.Uri);
        Assert.Equal(TestDriver.Uri, libvirt.Uri);
    }

    private static async Task Passes(string test, (string Name, string Value) environment)
    {
        var (code, output, error) = await OwnProcess.Run(
            ["--explicit", "only", "--filter-method", $"{typeof(LibraryTests).FullName}.{test}"], environment);
        Assert.True(code == 0, output + error);
    }
}
