using System.Globalization;
using System.IO.Compression;
using System.Text;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Kernel;

/// <summary>Reads <see cref="KernelInfo"/> from a host's files.</summary>
internal static class KernelReader
{
    private const string SecureBootVariable = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
    private const int LargestConfig = 4 << 20;

    public static KernelInfo Read(ISysfs files)
    {
        var release = files.ReadText("/proc/sys/kernel/osrelease");
        return new KernelInfo
        {
            Release = release,
            Version = files.ReadText("/proc/version"),
            CommandLine = files.ReadText("/proc/cmdline").Select(KernelCommandLine.Parse),
            Config = Config(files, release),
            Lockdown = Lockdown(files.ReadText("/sys/kernel/security/lockdown")),
            SecureBoot = SecureBoot(files.ReadBytes(SecureBootVariable)),
            StartedAt = StartedAt(files.ReadText("/proc/stat")),
            Log = Log(files),
        };
    }

    /// <summary>A line of its own: <c>btime 1764081000</c>.</summary>
    internal static Fact<DateTimeOffset> StartedAt(Fact<string> statistics)
    {
        if (!statistics.IsKnown)
        {
            return statistics.Select(_ => DateTimeOffset.UnixEpoch);
        }

        foreach (var line in statistics.Value.AsSpan().EnumerateLines())
        {
            if (line.StartsWith("btime ") && uint.TryParse(line[6..], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            {
                return Fact.Known(DateTimeOffset.FromUnixTimeSeconds(seconds), statistics.Source);
            }
        }

        return Fact.Unknown<DateTimeOffset>(statistics.Source, "the file has no btime");
    }

    /// <summary>The chosen mode stands in brackets: <c>none [integrity] confidentiality</c>.</summary>
    internal static Fact<KernelLockdown> Lockdown(Fact<string> text)
    {
        if (!text.IsKnown)
        {
            return text.Select(_ => KernelLockdown.None);
        }

        var open = text.Value!.IndexOf('[', StringComparison.Ordinal);
        var close = text.Value.IndexOf(']', StringComparison.Ordinal);
        return (open >= 0 && close > open ? text.Value[(open + 1)..close] : "") switch
        {
            "none" => Fact.Known(KernelLockdown.None, text.Source),
            "integrity" => Fact.Known(KernelLockdown.Integrity, text.Source),
            "confidentiality" => Fact.Known(KernelLockdown.Confidentiality, text.Source),
            _ => Fact.Unknown<KernelLockdown>(text.Source, $"'{text.Value}' contains no known mode"),
        };
    }

    /// <summary>Four bytes of attributes, then one of value.</summary>
    internal static Fact<bool> SecureBoot(Fact<ValueList<byte>> variable) => variable switch
    {
        { IsKnown: false } => variable.Select(_ => false),
        { Value: [_, _, _, _, var value] } => Fact.Known(value == 1, variable.Source),
        _ => Fact.Unknown<bool>(variable.Source, $"the variable has {variable.Value.Count} bytes, not 5"),
    };

    private static Fact<KernelConfig> Config(ISysfs files, Fact<string> release)
    {
        var compressed = files.ReadBytes("/proc/config.gz");
        if (compressed.IsKnown)
        {
            return Inflate(compressed.Value) is { } text
                ? Fact.Known(KernelConfig.Parse(text), compressed.Source)
                : Fact.Unknown<KernelConfig>(compressed.Source, "it is not a gzip file");
        }

        var config = compressed.Select(_ => "");
        foreach (var path in release.IsKnown
            ? (ReadOnlySpan<string>)[$"/boot/config-{release.Value}", $"/lib/modules/{release.Value}/config", $"/usr/lib/modules/{release.Value}/config"]
            : [])
        {
            config = files.ReadText(path);
            if (config.IsKnown && KernelConfig.IsConfiguration(config.Value!))
            {
                return config.Select(KernelConfig.Parse);
            }

            if (config.IsUnknown)
            {
                break;
            }
        }

        // No file says how a kernel was built that is running all the same: that is not a kernel built with nothing.
        return Fact.Unknown<KernelConfig>(config.Source, config.Reason ?? "no file contains the configuration of this kernel");
    }

    private static string? Inflate(ValueList<byte> content)
    {
        try
        {
            using var gzip = new GZipStream(new MemoryStream([.. content]), CompressionMode.Decompress);
            using var text = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; text.Length < LargestConfig && (read = gzip.Read(buffer)) > 0;)
            {
                text.Write(buffer, 0, read);
            }

            return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>The running kernel's own ring where there is one behind these files, else what a boot left in a file.</summary>
    private static Fact<KernelLog> Log(ISysfs files)
    {
        const string Ring = "/dev/kmsg";
        var errno = files.TryReadKernelLog(out var text);
        if (errno == Errno.Success)
        {
            return Fact.Known(KernelLog.Parse(text), Ring);
        }

        if (errno != Errno.NotImplemented)
        {
            return Fact.Unknown<KernelLog>(Ring, Errno.Describe(errno));
        }

        var file = files.ReadText("/var/log/dmesg");
        return file.IsKnown ? file.Select(KernelLog.Parse) : Fact.Unknown<KernelLog>(file.Source, file.Reason ?? Errno.Describe(Errno.NotFound));
    }
}
