using System.Globalization;
using System.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>Answers as facts: with the path as their source, and with the reason where there is none.</summary>
internal static class SysfsFacts
{
    /// <summary>The reason why a file that the kernel reads under the device's lock is unknown.</summary>
    public const string LockHeld = "the kernel holds the device's lock: a driver is being bound or does not release the device, or the device is being reset";

    /// <summary>The most a text may have before it is taken for something else.</summary>
    private const int TextLimit = 16 * 1024 * 1024;

    // An attribute of sysfs has at most a page and comes in one read; a file of proc comes in pieces.
    private const int PageSize = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>A file's text, without the line feeds and zero bytes at its end.</summary>
    public static Fact<string> ReadText(this ISysfs sysfs, string path)
    {
        int errno;
        if (path.StartsWith("/sys/", StringComparison.Ordinal))
        {
            Span<byte> page = stackalloc byte[PageSize];
            errno = sysfs.TryRead(path, page, out var length);
            if (errno != Errno.Success || length < PageSize)
            {
                return From(errno, path, errno == Errno.Success ? Text(page[..length]) : null);
            }
        }

        errno = sysfs.TryReadAll(path, TextLimit, out var content);
        return From(errno, path, errno == Errno.Success ? Text(content) : null);
    }

    /// <summary>The text of a file that the kernel shows under the device's lock (<c>driver_override</c>, <c>sriov_numvfs</c>); unknown after two seconds.</summary>
    /// <remarks>
    /// Whoever holds the lock may do so for long: a driver that is to let go and waits for its users, a reset, the making of
    /// virtual functions. No signal ends the read: it is left to its thread, and the process, whatever ends it, is not gone
    /// for its parent before the lock is free.
    /// </remarks>
    public static Fact<string> ReadTextUnderLock(this ISysfs sysfs, string path)
    {
        if (!sysfs.CanWait)
        {
            return sysfs.ReadText(path);
        }

        // On a thread of its own: a read that does not end would be missed by the thread pool.
        var read = Task.Factory.StartNew(() => sysfs.ReadText(path), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return read.Wait(Patience)
            ? read.Result
            : Fact.Unknown<string>(path, LockHeld);
    }

    /// <summary>A binary file's content.</summary>
    /// <param name="sysfs">The files.</param>
    /// <param name="path">The file.</param>
    /// <param name="limit">A file with more bytes is unknown.</param>
    public static Fact<ValueList<byte>> ReadBytes(this ISysfs sysfs, string path, int limit = TextLimit)
    {
        var errno = sysfs.TryReadAll(path, limit, out var content);
        return From(errno, path, errno == Errno.Success ? ValueList.Own(content) : default);
    }

    /// <summary>A number, decimal or with <c>0x</c>; another text is unknown.</summary>
    public static Fact<long> ReadNumber(this ISysfs sysfs, string path) => Number(sysfs.ReadText(path), path);

    /// <summary>The number in a text, likewise.</summary>
    public static Fact<long> Number(Fact<string> text, string path)
    {
        if (!text.IsKnown)
        {
            return text.Select(_ => 0L);
        }

        var digits = text.Value!.AsSpan().Trim();
        var parsed = digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? long.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            : long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
        return parsed ? Fact.Known(number, path) : Fact.Unknown<long>(path, $"'{text.Value}' is not a number");
    }

    /// <summary>Returns the text of a link.</summary>
    public static Fact<string> ReadLink(this ISysfs sysfs, string path)
    {
        var errno = sysfs.TryReadLink(path, out var target);
        return From(errno, path, errno == Errno.Success ? target : null);
    }

    /// <summary>The last name of what a link points to: a driver's, a group's, a device's.</summary>
    public static Fact<string> ReadLinkName(this ISysfs sysfs, string path) =>
        sysfs.ReadLink(path).Select(target => target[(target.TrimEnd('/').LastIndexOf('/') + 1)..].TrimEnd('/'));

    /// <summary>The names in a directory, in ordinal order.</summary>
    public static Fact<ValueList<string>> List(this ISysfs sysfs, string path)
    {
        var names = new List<string>();
        var errno = sysfs.TryList(path, names);
        names.Sort(StringComparer.Ordinal);
        return From(errno, path, errno == Errno.Success ? names.ToValueList() : default);
    }

    /// <summary>The status of a path.</summary>
    public static Fact<FileStatus> ReadStatus(this ISysfs sysfs, string path)
    {
        var errno = sysfs.TryStatus(path, out var status);
        return From(errno, path, status);
    }

    /// <summary>Another view of a known value; absent and unknown stay what they are.</summary>
    public static Fact<TTo> Select<TFrom, TTo>(this Fact<TFrom> fact, Func<TFrom, TTo> view) => fact.State switch
    {
        FactState.Known => Fact.Known(view(fact.Value!), fact.Source),
        FactState.Absent => Fact.Absent<TTo>(fact.Source),
        _ => Fact.Unknown<TTo>(fact.Source, fact.Reason ?? "not read"),
    };

    /// <summary>A fact from an errno.</summary>
    public static Fact<T> From<T>(int errno, string source, T? value) =>
        errno == Errno.Success ? Fact.Known(value!, source)
        : Errno.IsAbsent(errno) ? Fact.Absent<T>(source)
        : Fact.Unknown<T>(source, Errno.Describe(errno));

    private static string Text(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content.TrimEnd("\n\0"u8));
}
