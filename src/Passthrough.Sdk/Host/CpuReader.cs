using System.Collections.Frozen;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="CpuInfo"/> from a host's files.</summary>
internal static class CpuReader
{
    /// <summary>The messages of different kernel versions about it, VT-x first.</summary>
    private static readonly string[] DisabledTexts =
    [
        "VMX (outside TXT) disabled by BIOS", "VMX disabled by BIOS", "VMX not enabled (by BIOS)", "VMX disabled (by BIOS)",
        "SVM disabled (by BIOS)", "SVM not enabled (by BIOS)", "kvm: disabled by bios",
    ];

    public static CpuInfo Read(ISysfs files, Fact<KernelLog> log)
    {
        var first = files.ReadText("/proc/cpuinfo").Select(FirstProcessor);
        var flags = first.Select(FlagsOf);
        var kvm = VfioReader.Node(files, "/dev/kvm");
        return new CpuInfo
        {
            Architecture = Architecture(files.ReadText("/proc/sys/kernel/arch"), first),
            Vendor = Pick(first, VendorOf),
            Flags = flags,
            HasVirtualization = HasVirtualization(first, flags, kvm),
            DisabledByFirmware = DisabledByFirmware(log),
            Kvm = kvm,
        };
    }

    /// <summary>The keys and values up to the first empty line; s390x and ppc64 put what counts there or after it, so all keys count once.</summary>
    internal static FrozenDictionary<string, string> FirstProcessor(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var colon = line.IndexOf(':');
            if (colon > 0)
            {
                values.TryAdd(line[..colon].Trim().ToString(), line[(colon + 1)..].Trim().ToString());
            }
        }

        return values.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenSet<string> FlagsOf(FrozenDictionary<string, string> cpu) =>
        (cpu.GetValueOrDefault("flags") ?? cpu.GetValueOrDefault("Features") ?? cpu.GetValueOrDefault("features") ?? "")
            .Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal);

    private static string? VendorOf(FrozenDictionary<string, string> cpu) =>
        cpu.GetValueOrDefault("vendor_id") ?? cpu.GetValueOrDefault("CPU implementer") ?? cpu.GetValueOrDefault("cpu");

    private static string? ArchitectureOf(FrozenDictionary<string, string> cpu) => cpu switch
    {
        _ when cpu.ContainsKey("CPU implementer") => cpu.GetValueOrDefault("CPU architecture") is "8" or "AArch64" ? "aarch64" : "arm",
        _ when cpu.GetValueOrDefault("vendor_id")?.StartsWith("IBM/S390", StringComparison.Ordinal) == true => "s390x",
        _ when cpu.GetValueOrDefault("cpu")?.StartsWith("POWER", StringComparison.Ordinal) == true => "ppc64le",
        _ when cpu.ContainsKey("isa") => "riscv64",
        _ when cpu.ContainsKey("vendor_id") => FlagsOf(cpu).Contains("lm") ? "x86_64" : "i686",
        _ => null,
    };

    private static Fact<string> Architecture(Fact<string> kernel, Fact<FrozenDictionary<string, string>> cpu) =>
        kernel.IsKnown ? kernel : Pick(cpu, ArchitectureOf);

    private static Fact<bool> HasVirtualization(Fact<FrozenDictionary<string, string>> cpu, Fact<FrozenSet<string>> flags, Fact<DeviceNode> kvm)
    {
        var architecture = cpu.IsKnown ? ArchitectureOf(cpu.Value!) : null;
        if (architecture is "x86_64" or "i686" or "s390x" && flags.IsKnown && flags.Value!.Count > 0)
        {
            return flags.Select(f => f.Contains("vmx") || f.Contains("svm") || f.Contains("sie"));
        }

        return kvm.IsKnown
            ? Fact.Known(true, kvm.Source)
            : Fact.Unknown<bool>(cpu.Source, cpu.Reason ?? "the processors of this machine do not report it");
    }

    private static Fact<string> DisabledByFirmware(Fact<KernelLog> log)
    {
        if (!log.IsKnown)
        {
            return log.Select(_ => "");
        }

        foreach (var text in DisabledTexts)
        {
            if (log.Value!.Containing(text) is [var line, ..])
            {
                return Fact.Known(line, log.Source);
            }
        }

        return Fact.Absent<string>(log.Source);
    }

    private static Fact<string> Pick(Fact<FrozenDictionary<string, string>> cpu, Func<FrozenDictionary<string, string>, string?> pick) =>
        !cpu.IsKnown ? cpu.Select(_ => "")
        : pick(cpu.Value!) is { } value ? Fact.Known(value, cpu.Source)
        : Fact.Unknown<string>(cpu.Source, "the file does not contain it");
}
