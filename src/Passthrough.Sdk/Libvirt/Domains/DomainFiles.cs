using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Libvirt;

/// <summary>The files that libvirt keeps of a domain: its log and its definition. They are read as any file of the host, so that a root counts.</summary>
internal static class DomainFiles
{
    private const string SystemLogs = "/var/log/libvirt";
    private const int MostNames = 8;

    /// <summary>
    /// The log of the first of some names that has one: the emulator's of the system daemon, then that of a user's session, then
    /// libxl's.
    /// </summary>
    /// <param name="files">The host's files.</param>
    /// <param name="names">The possible names of the domain, the most likely first.</param>
    /// <returns>The log; absent if no name has one, unknown where one is there and may not be read.</returns>
    public static Fact<string> ReadLog(ISysfs files, IEnumerable<string> names)
    {
        Fact<string>? unknown = null;
        var homes = Homes(files);
        foreach (var name in names.Where(IsFileName).Take(MostNames))
        {
            foreach (var path in (IEnumerable<string>)
                [$"{SystemLogs}/qemu/{name}.log", .. homes.Select(home => $"{home}/.cache/libvirt/qemu/log/{name}.log"), $"{SystemLogs}/libxl/{name}.log"])
            {
                var log = files.ReadText(path);
                if (log.IsKnown)
                {
                    return log;
                }

                unknown ??= log.IsUnknown ? log : null;
            }
        }

        return unknown ?? Fact.Absent<string>($"{SystemLogs}/qemu");
    }

    /// <summary>The log of libxl's driver, where the reasons of all of Xen's domains stand.</summary>
    public static Fact<string> ReadXenLog(ISysfs files) => files.ReadText($"{SystemLogs}/libxl/libxl-driver.log");

    /// <summary>The definition of the first of some names that has one (<c>virsh dumpxml --inactive</c>); libvirt lets root alone read it.</summary>
    /// <param name="files">The host's files.</param>
    /// <param name="names">The possible names of the domain, the most likely first.</param>
    public static Fact<string> ReadDefinition(ISysfs files, IEnumerable<string> names)
    {
        Fact<string>? unknown = null;
        foreach (var name in names.Where(IsFileName).Take(MostNames))
        {
            foreach (var path in (ReadOnlySpan<string>)[$"/etc/libvirt/qemu/{name}.xml", $"/etc/libvirt/libxl/{name}.xml"])
            {
                var xml = files.ReadText(path);
                if (xml.IsKnown)
                {
                    return xml;
                }

                unknown ??= xml.IsUnknown ? xml : null;
            }
        }

        return unknown ?? Fact.Absent<string>("/etc/libvirt/qemu");
    }

    private static List<string> Homes(ISysfs files)
    {
        var users = files.List("/home");
        return ["/root", .. users.IsKnown ? users.Value.Take(64).Select(user => $"/home/{user}") : []];
    }

    // A name out of a text must not lead out of the directory.
    private static bool IsFileName(string name) => name.Length is > 0 and < 200 && !name.Contains('/') && !name.Contains('\0') && name is not ("." or "..");
}
