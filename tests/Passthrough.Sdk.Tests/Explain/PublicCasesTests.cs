using System.Formats.Tar;
using System.IO.Compression;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>Reports of others, made into small inputs, which lie beside the checkout: each with the cause that was found there.</summary>
public sealed class PublicCasesTests
{
    [Theory]
    [InlineData("01-romfile-double-quotes", "text.txt", null, FindingIds.DeviceRomUnusable)]
    [InlineData("02-iommufd-cdev-not-in-container", "text.txt", "0000:01:00.0", FindingIds.VfioNodeMissing)]
    [InlineData("03-pci-irq-assertion", "text.txt", "0000:0f:00.0", FindingIds.DeviceUnresponsive)]
    [InlineData("04-mdev-create-no-space", "text.txt", null, FindingIds.MediatedDeviceNoInstance)]
    [InlineData("05-vgpu-config-space-bad-address", "text.txt", null, FindingIds.MediatedDeviceRefusedByManager)]
    [InlineData("06-microvm-without-pci", "text.txt", null, FindingIds.DomainNoPciBus)]
    [InlineData("07-usb-vendor-zero", "text.txt", null, FindingIds.DomainConfigInvalid)]
    [InlineData("07-usb-vendor-zero", "text-new.txt", null, FindingIds.DomainConfigInvalid)]
    [InlineData("08-xen-malformed-hide", "text.txt", null, FindingIds.XenHideMalformed)]
    [InlineData("08-xen-malformed-hide", "kernel.txt", null, FindingIds.XenHideMalformed)]
    [InlineData("11-dmar-fault-pasid-form", "text.txt", null, FindingIds.IommuDmaFault)]
    [InlineData("11-dmar-fault-pasid-form", "one-line.txt", null, FindingIds.IommuDmaFault)]
    [InlineData("14-sriov-pf-without-driver", "text.txt", null, FindingIds.SriovNoDriver)]
    [InlineData("14-sriov-pf-without-driver", "kernel.txt", null, FindingIds.SriovNoDriver)]
    [InlineData("14b-sriov-driver-without-support", "text.txt", null, FindingIds.SriovDriverWithoutSupport)]
    [InlineData("14b-sriov-driver-without-support", "tee.txt", null, FindingIds.SriovDriverWithoutSupport)]
    [InlineData("14b-sriov-driver-without-support", "kernel.txt", null, FindingIds.SriovDriverWithoutSupport)]
    [InlineData("16-sriov-needs-ari", "text.txt", null, FindingIds.SriovFunctionsOutOfReach)]
    [InlineData("17-virt-host-validate-in-a-pod", "text.txt", null, FindingIds.IommuFirmwareTableHidden)]
    [InlineData("26-raspberry-pi-5-no-smmu", "text.txt", null, FindingIds.IommuFirmwareTableMissing)]
    [InlineData("27-arm-server-smmu-off", "text.txt", "0009:01:00.0", FindingIds.IommuFirmwareTableMissing)]
    [InlineData("29-xen-igd-passthru", "text.txt", null, FindingIds.XenIgdPassthru)]
    [InlineData("33-vf-pf-interface-down", "text.txt", null, FindingIds.DevicePhysicalFunctionDown)]
    public void The_first_cause_is_the_one_that_was_true(string name, string file, string? device, string cause)
    {
        var folder = Path.Combine(Corpora.Require("../cases"), name);
        var root = Directory.CreateTempSubdirectory("passthrough-case-");
        try
        {
            if (File.Exists(Path.Combine(folder, "root.tar.gz")))
            {
                using var archive = new GZipStream(File.OpenRead(Path.Combine(folder, "root.tar.gz")), CompressionMode.Decompress);
                TarFile.ExtractToDirectory(archive, root.FullName, overwriteFiles: true);
            }

            var options = new ExplainOptions { Devices = device is null ? [] : [PciAddress.Parse(device)] };
            var explanation = PassthroughHost.At(root.FullName).Explain(new PassthroughError { Text = File.ReadAllText(Path.Combine(folder, file)) }, options);
            Assert.Equal(cause, explanation.Cause?.Id);
            Assert.False(explanation.Cause!.IsUndetermined, explanation.Cause.Title);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    /// <summary>The right answer of case 14b for EBUSY, in every form of quotes that tee and the shells give it.</summary>
    [Theory]
    [InlineData("tee: '/sys/bus/pci/devices/0000:3b:00.0/sriov_numvfs': Device or resource busy")]
    [InlineData("tee: /sys/class/net/ens1f0/device/sriov_numvfs: Device or resource busy")]
    [InlineData("tee: \u2018/sys/bus/pci/devices/0000:00:02.0/sriov_numvfs\u2019: Device or resource busy")]
    [InlineData("tee: \"/sys/devices/pci0000:00/0000:00:02.0/sriov_numvfs\": Device or resource busy")]
    public void EBUSY_of_case_14b_says_that_the_functions_are_there_already(string text)
    {
        var explanation = PassthroughHost.At(Path.Combine(ReportedCases.Require("14b"), "root.tar.gz")).Explain(new PassthroughError { Text = text });
        Assert.Equal((FindingIds.SriovNotCreated, false), (explanation.Cause!.Id, explanation.Cause.IsUndetermined));
        Assert.StartsWith("virtual functions exist already", explanation.Cause.Title, StringComparison.Ordinal);
        Assert.Contains("write 0 to sriov_numvfs first", explanation.Cause.Remedy, StringComparison.Ordinal);
    }
}
