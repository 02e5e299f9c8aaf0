using System.Collections.Immutable;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Pci.Details;

/// <summary>The files of one function, null for what is not there; what is not readable is noted.</summary>
internal sealed class DeviceFiles(ISysfs sysfs, string directory, UnreadSources unread)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public ISysfs Sysfs => sysfs;

    /// <summary>A file's text; null also for an empty one and for "(null)", the kernel's word for no text.</summary>
    public string? Text(string name) => Noted(sysfs.ReadText($"{directory}/{name}")) is { Length: > 0 } text and not "(null)" ? text : null;

    /// <summary>A file's text, of one that the kernel reads under the device's lock; null also when that is not to be had.</summary>
    /// <remarks>A driver that waits for its users while it is to let go holds the lock, and no signal ends a read that waits for it.</remarks>
    public string? TextUnderLock(string name)
    {
        var path = $"{directory}/{name}";
        var read = Task.Run(() => sysfs.ReadText(path));
        if (read.Wait(Patience))
        {
            return Noted(read.Result) is { Length: > 0 } text and not "(null)" ? text : null;
        }

        unread.Add(path, "the kernel holds the device's lock: a driver is about to take the device or does not let go");
        return null;
    }

    /// <summary>A file's text; null only when there is none to read.</summary>
    public string? TextOrEmpty(string name) => Noted(sysfs.ReadText($"{directory}/{name}"));

    public int? Number(string name)
    {
        var number = sysfs.ReadNumber($"{directory}/{name}");
        return Noted(number) is var value && number.IsKnown && value is >= int.MinValue and <= int.MaxValue ? (int)value : null;
    }

    public byte? Byte(string name) => Number(name) is { } number and >= byte.MinValue and <= byte.MaxValue ? (byte)number : null;

    public bool? Flag(string name) => Number(name) is { } number ? number != 0 : null;

    /// <summary>A binary file's content; null when there is none to read.</summary>
    public ImmutableArray<byte>? Bytes(string name, int limit)
    {
        var bytes = sysfs.ReadBytes($"{directory}/{name}", limit);
        Noted(bytes);
        return bytes.IsKnown ? bytes.Value : null;
    }

    public string? LinkName(string name) => Noted(sysfs.ReadLinkName($"{directory}/{name}"));

    /// <summary>The names in a directory; empty when it is not there.</summary>
    public ImmutableArray<string> Names(string name)
    {
        var names = sysfs.List($"{directory}/{name}");
        Noted(names);
        return names.IsKnown ? names.Value : [];
    }

    private T? Noted<T>(Fact<T> fact)
    {
        if (fact.IsUnknown)
        {
            unread.Add(fact.Source, fact.Reason ?? "not read");
        }

        return fact.Value;
    }
}
