using System.Buffers;

namespace Passthrough.Sdk.Explain.Text;

/// <summary>The prefixes that programs and logs put before a message: times, hosts, processes, levels, drivers, the argument that it concerns.</summary>
/// <remarks>
/// Sources: dmesg -T, -x, -H, --time-format; journalctl -o short, short-iso, short-precise, short-monotonic; syslog (RFC 3164 and
/// 5424); libvirt's virlog.c; QEMU's -msg timestamp; bash, dash, coreutils; Proxmox VE; container logs. Thread safety: pure.
/// </remarks>
internal static class LinePrefix
{
    private const int LongestHead = 120;
    private const int MostParts = 24;
    private static readonly SearchValues<char> BracketTimes = SearchValues.Create(" 0123456789.,:+-TZC");
    private static readonly SearchValues<char> HostEnds = SearchValues.Create(":[=/,\"'");
    private static readonly SearchValues<char> DriverEnds = SearchValues.Create(":/='\"<>{}[]()|");
    private static readonly SearchValues<char> ClockCharacters = SearchValues.Create("0123456789:.,");
    private static readonly string[] Levels =
    [
        "TASK ERROR:", "error:", "warning:", "warn:", "fatal:", "critical:", "crit:", "info:", "notice:", "debug:", "err:", "alert:", "emerg:", "E:", "W:", "libvirt.libvirtError:",
        "libvirtError:", "RuntimeError:", "ValueError:", "Exception:",
    ];

    private static readonly string[] Wrappers =
    [
        "Error starting domain:", "Unable to add device:", "Unable to complete install:", "Error launching details:", "Unable to connect to libvirt", "internal error:", "operation failed:",
        "unsupported configuration:", "invalid argument:", "Requested operation is not valid:", "Operation not supported:", "argument unsupported:", "XML error:", "step 1 failed:",
    ];

    private static readonly string[] Programs =
    [
        "kernel", "kvm", "virsh", "xl", "xm", "xe", "libxl", "libvirtd", "virtqemud", "virtxend", "virtnodedevd", "virtlogd", "virt-manager", "virt-install", "virt-xml", "virt-clone",
        "virt-host-validate", "bash", "-bash", "sh", "-sh", "ash", "dash", "zsh", "-zsh", "ksh", "fish", "tee", "echo", "printf", "cat", "dd", "sudo", "modprobe", "insmod", "rmmod", "driverctl",
        "mdevctl", "(udev-worker)", "systemd-udevd", "pvedaemon", "pvestatd", "qm", "passthrough", "systemd", "libxenlight", "audit", "cgexec", "kubelet", "ERROR",
    ];

    /// <summary>The line without what stands in front of its message; a driver and its device stay, since they say whose message it is.</summary>
    public static ReadOnlySpan<char> Peel(ReadOnlySpan<char> line)
    {
        var rest = line.Trim();
        for (var (length, parts) = (-1, 0); length != rest.Length && parts < MostParts; parts++)
        {
            length = rest.Length;
            rest = WithoutTimes(rest);
            rest = WithoutLevel(rest);
            rest = WithoutFunction(rest);
            rest = WithoutProgram(rest);
            rest = WithoutArgument(rest).TrimStart();
            rest = rest is ['*' or '|' or '>' or '-' or '\u2022', ' ', ..] ? rest[2..].TrimStart() : rest;
        }

        return rest;
    }

    /// <summary>The offset of the message itself, after the driver and its device.</summary>
    public static int BareStart(string line)
    {
        var rest = Peel(line);
        for (var (length, parts) = (-1, 0); length != rest.Length && parts < MostParts; parts++)
        {
            length = rest.Length;
            rest = Peel(WithoutDriver(WithoutWrapper(rest)).TrimStart("'\" "));
        }

        return line.AsSpan().TrimEnd().Length - rest.Length;
    }

    /// <summary>The line without times, hosts and processes, in which one could see addresses.</summary>
    public static ReadOnlySpan<char> WithoutTimes(ReadOnlySpan<char> line)
    {
        for (var (length, parts) = (-1, 0); length != line.Length && parts < MostParts; parts++)
        {
            length = line.Length;
            line = WithoutClock(WithoutSyslog(WithoutIsoTime(WithoutBrackets(WithoutPriority(line))))).TrimStart();
        }

        return line;
    }

    // "<6>", "<30>1 ", "kern  :err   : "
    private static ReadOnlySpan<char> WithoutPriority(ReadOnlySpan<char> line)
    {
        if (line is ['<', >= '0' and <= '9', ..] && line.IndexOf('>') is > 0 and < 5 and var close)
        {
            line = line[(close + 1)..];
            return line is ['1', ' ', ..] ? line[2..] : line;
        }

        if (line.IndexOf(':') is > 0 and < 10 and var first && line[(first + 1)..].IndexOf(": ") is >= 0 and < 10 and var second
            && line[..first].TrimEnd() is "kern" or "user" or "daemon" or "auth" or "syslog" or "authpriv")
        {
            return line[(first + second + 3)..].TrimStart();
        }

        return line;
    }

    // "[  123.456789] ", "[Mon Sep 17 18:25:53 2018] ", "[  +0.000012] ", "[T123] ", "[   C0] "
    private static ReadOnlySpan<char> WithoutBrackets(ReadOnlySpan<char> line)
    {
        if (line is not ['[', ..] || line.IndexOf(']') is not (> 0 and < 40 and var close))
        {
            return line;
        }

        var inside = line[1..close];
        var isTime = inside.ContainsAnyInRange('0', '9') && !inside.Contains('/')
            && ((inside.IndexOfAnyExcept(BracketTimes) < 0 && !IsAddress(inside)) || IsDate(inside));
        return isTime ? WithoutHost(line[(close + 1)..].TrimStart()) : line;
    }

    private static bool IsAddress(ReadOnlySpan<char> text) => text.Length is 7 or 12 && text[^2] == '.' && text[^5] == ':';

    // "Mon Sep 17 18:25:53 2018", in any language: a word, and a clock.
    private static bool IsDate(ReadOnlySpan<char> text) => !text.ContainsAny("=[_") && text.Count(':') >= 1 && text.Count(' ') is >= 1 and <= 6 && char.IsLetter(text[0])
        && text.IndexOf(':') is > 1 and var colon && char.IsAsciiDigit(text[colon - 1]) && char.IsAsciiDigit(text[^1]);

    // "2026-11-24T10:09:32.123456Z ", "2026-11-24 10:09:32.123+0000: ", "2026-11-24T10:09:32,123456+02:00 host kernel: "
    private static ReadOnlySpan<char> WithoutIsoTime(ReadOnlySpan<char> line)
    {
        if (line.Length < 19 || line[4] is not ('-' or '/') || line[7] != line[4] || line[10] is not ('T' or ' ' or '_') || line[13] != ':' || !char.IsAsciiDigit(line[0]))
        {
            return line;
        }

        var end = 11 + line[11..].IndexOfAnyExcept(ClockCharacters);
        if (end < 11)
        {
            return line;
        }

        if (line[end] == 'Z')
        {
            end++;
        }
        else if (line[end..] is ['+' or '-', >= '0' and <= '9', ..])
        {
            end++;
            end += Math.Max(0, line[end..].IndexOfAnyExcept(ClockCharacters));
        }

        var rest = line[end..];
        if (rest.StartsWith(" UTC"))
        {
            rest = rest[4..];
        }

        // "stderr F ": what containers' runtimes add.
        rest = rest.TrimStart(" :");
        rest = rest.StartsWith("stderr F ") || rest.StartsWith("stdout F ") ? rest[9..] : rest;
        return WithoutHost(rest);
    }

    // "Nov 23 15:37:00 host kernel: ", "23. Nov 15:37:00 host libvirtd[1]: "
    private static ReadOnlySpan<char> WithoutSyslog(ReadOnlySpan<char> line)
    {
        var head = line[..Math.Min(line.Length, 30)];
        if (head.IndexOf(':') is not (> 4 and var colon) || !char.IsAsciiDigit(head[colon - 1]) || head[..colon].Count(' ') is not (>= 2 and <= 4) || !IsClock(head[(head[..colon].LastIndexOf(' ') + 1)..]))
        {
            return line;
        }

        var day = head[..head[..colon].LastIndexOf(' ')];
        if (!day.ContainsAnyInRange('0', '9') || day.ContainsAny(":=/") || !(char.IsLetter(day[0]) || char.IsAsciiDigit(day[0])))
        {
            return line;
        }

        var clock = line[(day.Length + 1)..];
        var end = clock.IndexOf(' ');
        return end < 0 ? line : WithoutHost(clock[(end + 1)..].TrimStart());
    }

    // "10:09:12.5 "
    private static ReadOnlySpan<char> WithoutClock(ReadOnlySpan<char> line) =>
        IsClock(line) && line.IndexOfAnyExcept(ClockCharacters) is > 0 and var end && line[end] == ' ' ? line[(end + 1)..] : line;

    private static bool IsClock(ReadOnlySpan<char> text) =>
        text.Length >= 8 && text[2] == ':' && text[5] == ':' && char.IsAsciiDigit(text[0]) && char.IsAsciiDigit(text[3]) && char.IsAsciiDigit(text[6]);

    // "host kernel: ", "host libvirtd[123]: ", "host kernel - - - "; the name of the host alone is not one.
    private static ReadOnlySpan<char> WithoutHost(ReadOnlySpan<char> line)
    {
        var space = line.IndexOf(' ');
        if (space is <= 0 or > 64 || line[..space].ContainsAny(HostEnds))
        {
            return line;
        }

        var rest = line[(space + 1)..].TrimStart();
        if (rest.StartsWith("kernel - - - "))
        {
            return rest[13..];
        }

        var end = rest.IndexOf(": ");
        if (end is <= 0 or > 48 || rest[..end].Contains(' '))
        {
            return line;
        }

        var name = rest[..end];
        return name is "kernel" || name is [.., ']'] || IsProgram(name) ? rest[(end + 2)..] : line;
    }

    private static ReadOnlySpan<char> WithoutLevel(ReadOnlySpan<char> line)
    {
        foreach (var level in Levels)
        {
            if (line.StartsWith(level, StringComparison.OrdinalIgnoreCase))
            {
                return line[level.Length..].TrimStart();
            }
        }

        return line;
    }

    // libvirt's own log: "1234: error : virPCIDeviceNew:1530 : "
    private static ReadOnlySpan<char> WithoutFunction(ReadOnlySpan<char> line)
    {
        var colon = line.IndexOf(": ");
        if (colon is <= 0 or > 10 || line[..colon].ContainsAnyExceptInRange('0', '9'))
        {
            return line;
        }

        var level = line[(colon + 2)..];
        if (level.IndexOf(" : ") is not (> 0 and < 10 and var name) || level[..name] is not ("error" or "warning" or "info" or "debug"))
        {
            return line;
        }

        var function = level[(name + 3)..];
        return function.IndexOf(" : ") is > 0 and < 80 and var end ? function[(end + 3)..] : function;
    }

    private static ReadOnlySpan<char> WithoutProgram(ReadOnlySpan<char> line)
    {
        var end = line[..Math.Min(line.Length, LongestHead)].IndexOf(": ");
        if (end <= 0)
        {
            return line;
        }

        var name = line[..end];
        if (name.Contains(' '))
        {
            // "line 12: " of a script, behind the shell's name; "virsh # ", the prompt.
            return name.StartsWith("line ") && !name[5..].ContainsAnyExceptInRange('0', '9') ? line[(end + 2)..] : line;
        }

        if (!name.ContainsAnyExceptInRange('0', '9'))
        {
            // The number of a line, as dash writes it: "sh: 1: ".
            return name.Length < 6 ? line[(end + 2)..] : line;
        }

        return IsProgram(name) || name is [.., ']'] && name.IndexOf('[') > 0 && !name[(name.IndexOf('[') + 1)..^1].ContainsAnyExceptInRange('0', '9') ? line[(end + 2)..] : line;
    }

    private static bool IsProgram(ReadOnlySpan<char> name)
    {
        name = name[(name.LastIndexOf('/') + 1)..];
        if (name is [.., ']'] && name.IndexOf('[') is > 0 and var bracket)
        {
            name = name[..bracket];
        }

        if (name.StartsWith("qemu", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        foreach (var program in Programs)
        {
            if (name.SequenceEqual(program))
            {
                return true;
            }
        }

        return false;
    }

    // QEMU repeats the argument: "-device vfio-pci,host=0000:01:00.0,id=hostdev0: "
    private static ReadOnlySpan<char> WithoutArgument(ReadOnlySpan<char> line) =>
        line is ['-', >= 'a' and <= 'z', ..] && line.IndexOf(": ") is > 0 and var end ? line[(end + 2)..] : line;

    // "vfio-pci 0000:01:00.0: ", "0000:01:00.0: ", "DMAR: ", "AMD-Vi: ", "vfio: ", "vfio_pci: ", "[drm] "
    private static ReadOnlySpan<char> WithoutDriver(ReadOnlySpan<char> line)
    {
        var end = line[..Math.Min(line.Length, 64)].IndexOf(": ");
        if (end <= 0)
        {
            return line;
        }

        var head = line[..end];
        var space = head.IndexOf(' ');
        return (space < 0 ? IsDriver(head) || IsFullAddress(head) : IsDriver(head[..space]) && IsFullAddress(head[(space + 1)..])) ? line[(end + 2)..] : line;
    }

    // What virt-manager and libvirt put before the message itself.
    private static ReadOnlySpan<char> WithoutWrapper(ReadOnlySpan<char> line)
    {
        foreach (var wrapper in Wrappers)
        {
            if (line.StartsWith(wrapper, StringComparison.OrdinalIgnoreCase))
            {
                return line[wrapper.Length..].TrimStart();
            }
        }

        return line.StartsWith("libvirt: ") && line.IndexOf("error : ") is > 0 and < 60 and var error ? line[(error + 8)..] : line;
    }

    private static bool IsDriver(ReadOnlySpan<char> word) => word.Length is > 1 and < 32 && !word.ContainsAny(DriverEnds) && char.IsLetter(word[0]);

    private static bool IsFullAddress(ReadOnlySpan<char> word) => word.Length >= 12 && word[^2] == '.' && word[^5] == ':' && word[^8] == ':';
}
