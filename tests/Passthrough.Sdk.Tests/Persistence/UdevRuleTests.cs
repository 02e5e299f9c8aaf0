using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Persistence;
using Passthrough.Sdk.Persistence.Rules;

namespace Passthrough.Sdk.Tests.Persistence;

/// <summary>The text of rule files: what udev compares and does, and that the file reads back as what was written.</summary>
public sealed class UdevRuleTests
{
    private static readonly string File = UdevRuleFile.PathOfBinding(PersistentDevices.Address);

    [Fact]
    public void The_rule_compares_address_bridges_ids_and_serial_number_before_it_does_anything()
    {
        var lines = UdevRuleWriter.Write(new PersistentBinding(PersistentDevices.Nic, "vfio-pci")).Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();

        Assert.Equal("ACTION!=\"add\", GOTO=\"passthrough_end\"", lines[0]);
        Assert.Equal("SUBSYSTEM!=\"pci\", GOTO=\"passthrough_end\"", lines[1]);
        Assert.Equal("KERNEL!=\"0000:01:00.0\", GOTO=\"passthrough_end\"", lines[2]);
        Assert.Equal(
            "DEVPATH==\"*/pci0000:00/0000:00:10.0/0000:01:00.0\", ATTR{vendor}==\"0x8086\", ATTR{device}==\"0x10d3\", "
            + "ATTR{subsystem_vendor}==\"0x8086\", ATTR{subsystem_device}==\"0x0001\", ATTR{class}==\"0x020000\", "
            + "PROGRAM==\"/bin/sh -c 'od -An -v -tx1 -j320 -N12 /sys%p/config'\", RESULT==\"*03 00 ?? ?? 33 22 11 ff ff 00 54 52\", GOTO=\"passthrough_same_device\"",
            lines[3]);
        Assert.EndsWith("GOTO=\"passthrough_end\"", lines[4], StringComparison.Ordinal);
        Assert.Equal("LABEL=\"passthrough_same_device\"", lines[5]);
        Assert.Equal("ATTR{driver_override}=\"vfio-pci\"", lines[6]);
        Assert.Equal("RUN{builtin}+=\"kmod load vfio-pci\"", lines[7]);
        Assert.StartsWith("RUN+=\"/bin/sh -c '", lines[8], StringComparison.Ordinal);
        Assert.Equal("LABEL=\"passthrough_end\"", lines[9]);
        Assert.Equal(10, lines.Count);
    }

    [Fact]
    public void Virtual_functions_are_created_after_the_driver_has_bound_and_only_if_there_are_none()
    {
        var text = UdevRuleWriter.Write(new PersistentVirtualFunctions(PersistentDevices.Nic, 4));

        Assert.Contains("\nACTION!=\"add|bind\", GOTO=\"passthrough_end\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nDRIVER!=\"?*\", GOTO=\"passthrough_end\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nDRIVER==\"vfio-pci\", GOTO=\"passthrough_end\"\n", text, StringComparison.Ordinal);
        Assert.Contains("\nATTR{sriov_numvfs}==\"0\", ATTR{sriov_drivers_autoprobe}=\"0\", ATTR{sriov_numvfs}=\"4\"\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_reads_back_as_the_model_that_it_was_written_from()
    {
        var plain = PersistentDevices.Nic with
        {
            Identity = new PciIdentity(0x1b36, 0x0010),
            SerialNumberOffset = null,
        };
        foreach (var device in new[] { PersistentDevices.Nic, plain })
        {
            var binding = PersistenceReader.ReadRule(File, UdevRuleWriter.Write(new PersistentBinding(device, "mlx5_vfio_pci")));
            Assert.Equal(
                new PersistentDevice { Origin = PersistenceOrigin.Passthrough, File = File, Address = device.Address, Driver = "mlx5_vfio_pci", Identity = device.Identity, Device = device },
                binding);
            var functions = PersistenceReader.ReadRule(File, UdevRuleWriter.Write(new PersistentVirtualFunctions(device, 7, ProbesDrivers: true)));
            Assert.Equal(
                new PersistentDevice { Origin = PersistenceOrigin.Passthrough, File = File, Address = device.Address, VirtualFunctionCount = 7, ProbesDrivers = true, Identity = device.Identity, Device = device },
                functions);
        }
    }

    [Theory]
    [InlineData("vfio-pci\"\n", "driver_override}=\"e1000e\"\n")]
    [InlineData("KERNEL!=\"0000:01:00.0\"", "KERNEL!=\"0000:02:00.0\"")]
    [InlineData("# Binds", "# binds")]
    [InlineData("\nLABEL=\"passthrough_end\"\n", "\nLABEL=\"passthrough_end\"\nSUBSYSTEM==\"net\", NAME=\"lan0\"\n")]
    public void An_edited_file_is_recognised_and_still_says_what_it_was_written_for(string from, string to)
    {
        var text = UdevRuleWriter.Write(new PersistentBinding(PersistentDevices.Nic, "vfio-pci"));
        var edited = text.Replace(from, to, StringComparison.Ordinal);
        Assert.NotEqual(text, edited);

        var device = PersistenceReader.ReadRule(File, edited);

        Assert.True(device.IsEdited);
        Assert.Equal(PersistentDevices.Nic, device.Device);
    }

    [Theory]
    [InlineData("vfio-pci\", RUN+=\"/bin/sh")]
    [InlineData("vfio pci")]
    [InlineData("vfio-pci\nRUN+=x")]
    [InlineData("$(reboot)")]
    [InlineData("../e1000e")]
    [InlineData("-r")]
    [InlineData("")]
    public void A_driver_name_that_could_mean_something_to_udev_or_a_shell_is_refused(string driver)
    {
        var error = Assert.Throws<PersistenceException>(() => UdevRuleWriter.Write(new PersistentBinding(PersistentDevices.Nic, driver)));
        Assert.Contains("is not the name of a driver", error.Message, StringComparison.Ordinal);
        Assert.Contains("0000:01:00.0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("pci0000:00/*/0000:01:00.0")]
    [InlineData("pci0000:00/0000:00:10.0/0000:02:00.0")]
    [InlineData("pci0000:01/0000:00:10.0/0000:01:00.0")]
    [InlineData("0000:01:00.0")]
    [InlineData("pci0000:00/00:10.0/0000:01:00.0")]
    [InlineData("pci0000:00/0000:00:10.0\"/0000:01:00.0")]
    public void A_path_that_is_not_one_is_refused(string path)
    {
        var error = Assert.Throws<PersistenceException>(() => UdevRuleWriter.Write(new PersistentBinding(PersistentDevices.Nic with { Path = path }, "vfio-pci")));
        Assert.Contains("is not the path of 0000:01:00.0", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"driver\":\"vfio-pci\"", "\"driver\":\"x y\"", "is not the name of a driver")]
    [InlineData("\"version\":1", "\"version\":2", "version 2")]
    [InlineData("\"vendor\":\"8086\"", "\"vendor\":\"808\"", "hexadecimal")]
    [InlineData("\"driver\":\"vfio-pci\"", "\"probesDrivers\":true", "neither a driver")]
    [InlineData("\"address\":\"0000:01:00.0\"", "\"address\":\"nowhere\"", "not a PCI address")]
    [InlineData("{\"version\"", "\"version\"", "cannot be read")]
    [InlineData("# model: ", "# ", "no header")]
    [InlineData("\"serialNumberOffset\":320", "\"serialNumberOffset\":12", "offset 12")]
    public void A_header_that_is_not_valid_is_refused_with_its_reason(string from, string to, string reason)
    {
        var text = UdevRuleWriter.Write(new PersistentBinding(PersistentDevices.Nic, "vfio-pci"));
        Assert.Contains(from, text, StringComparison.Ordinal);

        var error = Assert.Throws<FormatException>(() => PersistenceReader.ReadRule(File, text.Replace(from, to, StringComparison.Ordinal)));

        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_command_is_longer_than_udev_runs_it_whole()
    {
        var device = PersistentDevices.Nic with { Address = PciAddress.Parse("fffffff0:ff:1f.7"), Path = "pcifffffff0:fe/fffffff0:fe:1f.7/fffffff0:ff:1f.7" };
        var driver = new string('d', 63);
        foreach (var text in new[] { UdevRuleWriter.Write(new PersistentBinding(device, driver)), UdevRuleWriter.Write(new PersistentVirtualFunctions(device, ushort.MaxValue)) })
        {
            Assert.All(text.Split('\n').Where(line => line.Contains("RUN+=\"", StringComparison.Ordinal)), line =>
                Assert.InRange(line.Split("RUN+=\"")[1].Length, 1, UdevRuleWriter.MostCommandLength));
        }
    }

    [Fact]
    public void The_names_of_the_files_are_those_of_the_reader()
    {
        Assert.Equal("/etc/udev/rules.d/61-passthrough-0000:01:00.0.rules", File);
        Assert.Equal("/etc/udev/rules.d/61-passthrough-0000:01:00.0-vfs.rules", UdevRuleFile.PathOfVirtualFunctions(PersistentDevices.Address));
        Assert.True(UdevRuleFile.IsOurs(Path.GetFileName(File)));
        Assert.False(UdevRuleFile.IsOurs("61-passthrough-0000:01:00.0.rules.dpkg-old"));
    }
}
