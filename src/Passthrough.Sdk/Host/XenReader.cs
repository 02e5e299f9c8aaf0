using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="XenStatus"/>: what dom0's kernel shows of Xen, and what only Xen itself and its log say.</summary>
internal static class XenReader
{
    /// <summary>The file in a captured host that holds what Xen answered, in the lines of <c>xl info</c>.</summary>
    public const string CapturedPath = "/.passthrough/xen";

    private const string Log = "/var/log/xen/console/hypervisor.log";
    private const string Hypercalls = "/dev/xen/privcmd";
    private const int Dom0Feature = 11;

    public static XenStatus Read(ISysfs files)
    {
        var major = files.ReadText("/sys/hypervisor/version/major");
        var minor = files.ReadText("/sys/hypervisor/version/minor").Value ?? "";
        var extra = files.ReadText("/sys/hypervisor/version/extra").Value ?? "";
        var isDom0 = IsDom0(files);
        var log = files.ReadText(Log);
        var info = isDom0.Value ? Ask(files) : Fact.Absent<string>(Hypercalls);
        var caps = Line(info, "virt_caps", "Xen does not answer this question, or its interface is newer than this library: xl info prints virt_caps")
            .Select<string, ValueList<string>>(words => [.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        return new XenStatus
        {
            IsDom0 = isDom0,
            VirtCaps = caps,
            CommandLine = CommandLine(info, log).Select(KernelCommandLine.Parse),
            DrivesIommu = caps.IsKnown ? caps.Select(words => words.Contains("pv_directio") || words.Contains("hvm_directio")) : DrivesIommu(log),
            GuestType = files.ReadText("/sys/hypervisor/guest_type"),
            Version = major.Select(m => $"{m}.{minor}{extra}"),
            Capabilities = files.ReadText("/sys/hypervisor/properties/capabilities").Select(c => c.Trim()),
            Pciback = isDom0.Value ? PcibackReader.Read(files) : PcibackReader.None,
        };
    }

    private static Fact<string> Ask(ISysfs files)
    {
        var errno = files.TryAskXen(out var text);
        if (errno == Errno.Success)
        {
            files.Keep(CapturedPath, text);
            return Fact.Known(text, Hypercalls);
        }

        var captured = errno == Errno.NotImplemented ? files.ReadText(CapturedPath) : default;
        return captured.IsKnown ? captured : Fact.Unknown<string>(Hypercalls, errno == Errno.NotImplemented ? "only the running Xen answers: xl info" : Errno.Describe(errno));
    }

    private static Fact<string> Line(Fact<string> info, string name, string reason)
    {
        if (!info.IsKnown)
        {
            return info;
        }

        foreach (var line in info.Value!.Split('\n'))
        {
            if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && line[..colon].Trim() == name)
            {
                return Fact.Known(line[(colon + 1)..].Trim(), info.Source);
            }
        }

        return Fact.Unknown<string>(info.Source, reason);
    }

    private static Fact<string> CommandLine(Fact<string> info, Fact<string> log)
    {
        const string Words = "Command line: ";
        var asked = Line(info, "xen_commandline", "Xen does not answer this question: xl info prints xen_commandline");
        var at = log.Value?.LastIndexOf(Words, StringComparison.Ordinal) ?? -1;
        if (asked.IsKnown || at < 0)
        {
            return asked;
        }

        var rest = log.Value![(at + Words.Length)..];
        var end = rest.IndexOf('\n', StringComparison.Ordinal);
        return Fact.Known((end < 0 ? rest : rest[..end]).Trim(), log.Source);
    }

    private static Fact<bool> DrivesIommu(Fact<string> log)
    {
        const string Words = "I/O virtualisation ";
        var at = log.Value?.LastIndexOf(Words, StringComparison.Ordinal) ?? -1;
        return !log.IsKnown ? log.Select(_ => false)
            : at < 0 ? Fact.Unknown<bool>(log.Source, "the log does not contain the messages of Xen's start")
            : Fact.Known(log.Value.AsSpan(at + Words.Length).StartsWith("enabled"), log.Source);
    }

    private static Fact<bool> IsDom0(ISysfs files)
    {
        var features = files.ReadText("/sys/hypervisor/properties/features");
        if (features.IsKnown && ulong.TryParse(features.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var bits))
        {
            return Fact.Known((bits >> Dom0Feature & 1) != 0, features.Source);
        }

        // Its file system may not be mounted: then the directory is there and empty, which says nothing.
        var capabilities = files.ReadText("/proc/xen/capabilities");
        return capabilities.IsKnown
            ? capabilities.Select(c => c.Contains("control_d", StringComparison.Ordinal))
            : features.Select(_ => false);
    }
}
