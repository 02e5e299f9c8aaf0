using System.Text.RegularExpressions;
using Passthrough.Sdk.Explain;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>The messages about host devices in the sources of libvirt and QEMU, from a table that lies beside the checkout.</summary>
public sealed partial class LibvirtMessagesTests
{
    private static readonly Dictionary<string, string> Prefixes = new()
    {
        ["VIR_ERR_INTERNAL_ERROR"] = "internal error: ",
        ["VIR_ERR_INVALID_ARG"] = "invalid argument: ",
        ["VIR_ERR_OPERATION_FAILED"] = "operation failed: ",
        ["VIR_ERR_XML_ERROR"] = "XML error: ",
        ["VIR_ERR_OPERATION_INVALID"] = "Requested operation is not valid: ",
        ["VIR_ERR_CONFIG_UNSUPPORTED"] = "unsupported configuration: ",
        ["VIR_ERR_ARGUMENT_UNSUPPORTED"] = "argument unsupported: ",
        ["VIR_ERR_OPERATION_UNSUPPORTED"] = "Operation not supported: ",
        ["VIR_ERR_DEVICE_MISSING"] = "device not found: ",
        ["VIR_ERR_NO_NODE_DEVICE"] = "Node device not found: ",
    };

    [GeneratedRegex(@"%(\d+\$)?[0-9.]*l*[a-zA-Z]|0x%|%")]
    private static partial Regex Placeholder();

    /// <summary>Messages that tell no cause by themselves: counters, halves of messages, defects of libvirt or QEMU. They are to stay unrecognised.</summary>
    private static readonly string[] SayNothing =
    [
        "Failed to create state dir", "to the inactive list", "Failed to allocate PCI device list", "no host device manager defined", "Failed to reattach NVMe",
        "to unsigned int", "Failed to parse PCI config address", "Unrecognized value in", "does not have a VPD", "VPD file", "is not a PCI-Express device",
        "failed: 1", "Failed to remove vfio ioeventfd", "ioeventfd queue full", "Using vfio with vIOMMUs", "failed to open 1", "failed to read 1", "-1:", "index 1-1:",
        "Unknown tag", "couldn't open directory", "failed to load \"1\"", "failed to get major:minor", "Failed to open 1", "detach 1 failed", "Fallback to default 64bit",
        "Could not parse remote object", "Failed to free id", "array length", "model was not set correctly", "No zPCI",
    ];

    [Fact]
    public void Every_message_of_libvirts_host_device_code_and_of_QEMUs_VFIO_is_recognised_unless_it_says_nothing()
    {
        var rows = File.ReadLines(Path.Combine(Corpora.Require("../facts"), "libvirt-errors.tsv")).Skip(1).Select(line => line.Split('\t'));
        using var host = Hosts.Healthy();
        var snapshot = PassthroughHost.At(host.Root).Capture();
        var unrecognised = rows
            .Where(row => row[0].StartsWith("qemu", StringComparison.Ordinal) || Path.GetFileName(row[1]) is "virhostdev.c" or "virpci.c" or "domain_addr.c")
            .Select(row => Prefixes.GetValueOrDefault(row[4], "") + Placeholder().Replace(row[5].Replace("\\n", "", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal), "1"))
            .Where(text => !SayNothing.Any(nothing => text.Contains(nothing, StringComparison.Ordinal)) && !snapshot.Explain(text).IsRecognised);
        Assert.Empty(unrecognised);
    }
}
