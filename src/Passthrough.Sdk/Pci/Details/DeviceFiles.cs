using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Pci.Details;

/// <summary>The files of one function, null for what is not there; what is not readable is noted.</summary>
internal sealed class DeviceFiles(ISysfs sysfs, string directory, UnreadSources unread)
{
    private string? _locked;

    /// <summary>A file's text; null also for an empty one and for "(null)", the kernel's word for no text.</summary>
    public string? Text(string name) => Said(sysfs.ReadText($"{directory}/{name}"));

    /// <summary>Leaves out what the kernel shows under the device's lock, for this reason.</summary>
    public void LeaveLocked(string reason) => _locked = reason;

    /// <summary>The same, of a file that the kernel shows under the device's lock; null also when that is not to be had.</summary>
    public string? TextUnderLock(string name) => Said(UnderLock(name));

    /// <summary>The number in a file that the kernel shows under the device's lock; null also when that is not to be had.</summary>
    public int? NumberUnderLock(string name) => Small(SysfsFacts.Number(UnderLock(name), $"{directory}/{name}"));

    /// <summary>A file's text; null only when there is none to read.</summary>
    public string? TextOrEmpty(string name) => Noted(sysfs.ReadText($"{directory}/{name}"));

    public int? Number(string name) => Small(sysfs.ReadNumber($"{directory}/{name}"));

    public byte? Byte(string name) => Number(name) is { } number and >= byte.MinValue and <= byte.MaxValue ? (byte)number : null;

    public bool? Flag(string name) => Number(name) is { } number ? number != 0 : null;

    /// <summary>A binary file's content; null if there is none to read.</summary>
    public ValueList<byte>? Bytes(string name, int limit)
    {
        var bytes = sysfs.ReadBytes($"{directory}/{name}", limit);
        Noted(bytes);
        return bytes.IsKnown ? bytes.Value : null;
    }

    public string? LinkName(string name) => Noted(sysfs.ReadLinkName($"{directory}/{name}"));

    /// <summary>The names in a directory; empty if it does not exist.</summary>
    public ValueList<string> Names(string name)
    {
        var names = sysfs.List($"{directory}/{name}");
        Noted(names);
        return names.IsKnown ? names.Value : [];
    }

    // What one file was refused for two seconds, the next would be too.
    private Fact<string> UnderLock(string name)
    {
        var path = $"{directory}/{name}";
        if (_locked is not null)
        {
            return sysfs.TryStatus(path, out _) == Errno.Success ? Fact.Unknown<string>(path, _locked) : Fact.Absent<string>(path);
        }

        var text = sysfs.ReadTextUnderLock(path);
        _locked = text.Reason == SysfsFacts.LockHeld ? text.Reason : null;
        return text;
    }

    private string? Said(Fact<string> text) => Noted(text) is { Length: > 0 } said and not "(null)" ? said : null;

    private int? Small(Fact<long> number) =>
        Noted(number) is var value && number.IsKnown && value is >= int.MinValue and <= int.MaxValue ? (int)value : null;

    private T? Noted<T>(Fact<T> fact)
    {
        if (fact.IsUnknown)
        {
            unread.Add(fact.Source, fact.Reason ?? "not read");
        }

        return fact.Value;
    }
}
