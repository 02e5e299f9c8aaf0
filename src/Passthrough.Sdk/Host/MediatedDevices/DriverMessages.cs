using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>What the kernel logs from one moment to another: the driver's reason is there, and an errno says little.</summary>
internal sealed class DriverMessages
{
    private const int MostLines = 5;

    private readonly ISysfs _files;
    private readonly KernelLog? _before;

    /// <summary>Begins now.</summary>
    public DriverMessages(ISysfs files)
    {
        _files = files;
        _before = Read();
    }

    /// <summary>Returns the last new lines that contain one of the names; empty if there are none, or if the log cannot be read.</summary>
    /// <param name="names">Names of the device and its parent.</param>
    public ValueList<string> Since(params ReadOnlySpan<string> names)
    {
        if (_before is not { } before || Read() is not { } now)
        {
            return [];
        }

        var lines = new List<string>();
        for (var i = now.Lines.Count - 1; i >= 0 && lines.Count < MostLines && !IsLastOf(before, now, i); i--)
        {
            if (ContainsAny(now.Lines[i], names))
            {
                lines.Insert(0, now.Lines[i]);
            }
        }

        return lines.ToValueList();
    }

    private static bool IsLastOf(KernelLog before, KernelLog now, int line) =>
        before.Lines.Count > 0 && now.Lines[line] == before.Lines[^1] && now.TimeOf(line) == before.TimeOf(before.Lines.Count - 1);

    private static bool ContainsAny(string line, ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (line.Contains(name, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private KernelLog? Read() => _files.TryReadKernelLog(out var text) == Errno.Success ? KernelLog.Parse(text) : null;
}
