namespace Passthrough.Sdk.Pci.Configuration;

/// <summary>The names of capability ids (PCI Code and ID Assignment Specification 1.16, chapters 2 and 3).</summary>
internal static class CapabilityNames
{
    private static readonly string?[] Standard =
    [
        "Null",                                 // 00
        "Power Management",
        "AGP",
        "Vital Product Data",
        "Slot ID",
        "MSI",
        "CompactPCI hot-swap",
        "PCI-X",
        "HyperTransport",                       // 08
        "Vendor Specific Information",
        "Debug port",
        "CompactPCI central resource control",
        "Hot-plug capable",
        "Subsystem",
        "AGP3",
        "Secure device",
        "PCI Express",                          // 10
        "MSI-X",
        "SATA HBA",
        "PCI Advanced Features",
        "Enhanced Allocation (EA)",
        "Flattening Portal Bridge",
    ];

    private static readonly string?[] Extended =
    [
        "Null",                                 // 00
        "Advanced Error Reporting",
        "Virtual Channel",
        "Device Serial Number",
        "Power Budgeting",
        "Root Complex Link",
        "Root Complex Internal Link",
        "Root Complex Event Collector Endpoint Association",
        "Multi-Function Virtual Channel",       // 08
        "Virtual Channel",
        "Root Complex Register Block",
        "Vendor Specific Information",
        "Configuration Access Correlation",
        "Access Control Services",
        "Alternative Routing-ID Interpretation (ARI)",
        "Address Translation Service (ATS)",
        "Single Root I/O Virtualization (SR-IOV)", // 10
        "Multi-Root I/O Virtualization",
        "Multicast",
        "Page Request Interface (PRI)",
        null,
        "Physical Resizable BAR",
        "Dynamic Power Allocation",
        "Transaction Processing Hints",
        "Latency Tolerance Reporting",          // 18
        "Secondary PCI Express",
        "Protocol Multiplexing",
        "Process Address Space ID (PASID)",
        "LN Requester",
        "Downstream Port Containment",
        "L1 PM Substates",
        "Precision Time Measurement",
        "PCI Express over M-PHY",               // 20
        "FRS Queueing",
        "Readiness Time Reporting",
        "Designated Vendor-Specific",
        "Virtual Resizable BAR",
        "Data Link Feature",
        "Physical Layer 16.0 GT/s",
        "Lane Margining at the Receiver",
        "Hierarchy ID",                         // 28
        "Native PCIe Enclosure Management",
        "Physical Layer 32.0 GT/s",
        "Alternate Protocol",
        "System Firmware Intermediary",
        "Shadow Functions",
        "Data Object Exchange",
        "Device 3",
        "Integrity & Data Encryption",          // 30
        "Physical Layer 64.0 GT/s",
        "Flit Logging",
        "Flit Performance Measurement",
        "Flit Error Injection",
        "Streamlined Virtual Channel",
        "MMIO Register Block Locator",
        "NOP Flit",
        "Scalable I/O Virtualization",          // 38
        "Physical Layer 128.0 GT/s",
        "Captured Data",
    ];

    public static string? Find(int id, bool isExtended)
    {
        var names = isExtended ? Extended : Standard;
        return id < names.Length ? names[id] : null;
    }
}
