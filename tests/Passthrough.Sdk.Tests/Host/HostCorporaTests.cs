using System.Formats.Tar;
using System.IO.Compression;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Host.Usage;
using Passthrough.Sdk.Pci;

namespace Passthrough.Sdk.Tests.Host;

/// <summary>Trees of real machines, which have some of a host's files and lack others.</summary>
public sealed class HostCorporaTests
{
    private static HostSystem Read(string archive)
    {
        var file = Path.Combine(Corpora.Require("ghw"), archive);
        var root = Directory.CreateTempSubdirectory("passthrough-corpus-");
        try
        {
            Extract(file, root.FullName);
            return PassthroughHost.At(root.FullName).Capture().System;
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    // The trees have links to absolute paths, which .NET's own extraction refuses; under a root they lead nowhere else.
    private static void Extract(string archive, string root)
    {
        using var stream = File.OpenRead(archive);
        using var gzip = new GZipStream(stream, CompressionMode.Decompress);
        using var tar = new TarReader(gzip);
        while (tar.GetNextEntry() is { } entry)
        {
            var path = Path.Combine(root, entry.Name.TrimStart('/'));
            if (entry.EntryType == TarEntryType.Directory)
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                if (entry.EntryType == TarEntryType.SymbolicLink)
                {
                    File.CreateSymbolicLink(path, entry.LinkName);
                }
                else
                {
                    entry.ExtractToFile(path, overwrite: true);
                }
            }
        }
    }

    [Fact]
    public void A_Ryzen_desktop()
    {
        var host = Read("linux-amd64-61797caf7c0b6bca1725ad7975ed4773.tar.gz");
        Assert.Equal(("x86_64", "AuthenticAMD", true), (host.Cpu.Architecture.Value, host.Cpu.Vendor.Value, host.Cpu.HasVirtualization.Value));
        Assert.True(host.Environment.Hypervisor is { IsKnown: true, Value: HypervisorKind.None });
        Assert.Equal("enp3s0", Assert.Single(host.Usage[PciAddress.Parse("03:00.0")].NetworkInterfaces.Value).Name);
        Assert.Equal("enp6s0f1", Assert.Single(host.Usage[PciAddress.Parse("06:00.1")].NetworkInterfaces.Value).Name);

        // The tree has no mounts, no sound class and no kernel: none of that is "no".
        BlockDevice[] disks = [.. host.Usage.Addresses.SelectMany(a => host.Usage[a].BlockDevices.Value)];
        Assert.Equal(["sda", "sdb", "sdc"], disks.Select(d => d.Name).Order(StringComparer.Ordinal));
        Assert.All(disks, d => Assert.True(d.Mounts.IsUnknown));
        Assert.True(host.Usage[PciAddress.Parse("03:00.0")].SoundCards.IsUnknown);
        Assert.True(host.Modules["vfio_pci"].IsPresent.IsUnknown);
        Assert.False(host.Iommu.IsActive.IsKnown);
    }

    [Fact]
    public void A_server_with_its_root_file_system()
    {
        var host = Read("linux-amd64-accel-nvidia.tar.gz");
        Assert.Equal(("GenuineIntel", true), (host.Cpu.Vendor.Value, host.Cpu.HasVirtualization.Value));
        Assert.True(host.Memory.Total.Value > 0);
    }

    [Fact]
    public void An_arm_board_does_not_say_whether_it_can_run_guests()
    {
        var host = Read("linux-arm64-c288e0776090cd558ef793b2a4e61939.tar.gz");
        Assert.Equal("aarch64", host.Cpu.Architecture.Value);
        Assert.True(host.Cpu.HasVirtualization.IsUnknown);
        Assert.True(host.Environment.Hypervisor.IsUnknown);
    }
}
