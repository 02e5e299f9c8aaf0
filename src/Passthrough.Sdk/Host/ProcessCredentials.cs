using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>The user under which the host was read.</summary>
/// <param name="UserId">The effective user; 0 is root, which in a container need not be the host's.</param>
/// <param name="GroupIds">The effective group and the others.</param>
/// <param name="Capabilities">The effective capabilities, a bit each (linux/capability.h).</param>
/// <remarks>Source: /proc/self/status. Thread safety: immutable.</remarks>
public sealed record ProcessCredentials(uint UserId, ValueList<uint> GroupIds, ulong Capabilities)
{
    private const int LockMemory = 14;

    /// <summary>Gets whether the limit on locked memory does not count for it (CAP_IPC_LOCK).</summary>
    public bool MayLockAnyMemory => (Capabilities >> LockMemory & 1) != 0;

    internal static Fact<ProcessCredentials> Read(ISysfs files)
    {
        var status = files.ReadText("/proc/self/status");
        if (!status.IsKnown)
        {
            return Fact.Unknown<ProcessCredentials>(status.Source, status.Reason ?? "no such file");
        }

        var fields = status.Value!.Split('\n')
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToLookup(pair => pair[0], pair => pair[1].Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries));
        // real, effective, saved, of the file system
        return fields["Uid"].FirstOrDefault() is [_, var user, ..] && uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && fields["CapEff"].FirstOrDefault() is [var mask] && ulong.TryParse(mask, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var capabilities)
            ? Fact.Known(new ProcessCredentials(id, [.. Groups(fields["Gid"].FirstOrDefault()?.Skip(1).Take(1)), .. Groups(fields["Groups"].FirstOrDefault())], capabilities), status.Source)
            : Fact.Unknown<ProcessCredentials>(status.Source, "the file has no Uid and CapEff");
    }

    private static IEnumerable<uint> Groups(IEnumerable<string>? numbers) => (numbers ?? [])
        .Select(number => uint.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : (uint?)null)
        .OfType<uint>();
}
