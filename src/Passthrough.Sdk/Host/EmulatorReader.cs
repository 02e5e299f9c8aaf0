using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads <see cref="EmulatorInfo"/> from a host's files.</summary>
internal static class EmulatorReader
{
    private const string Programs = "/usr/bin";
    private const string Configuration = "/etc/libvirt/qemu.conf";

    /// <summary>The directories in which Debian, Fedora, SUSE, Arch, NixOS and local builds install it.</summary>
    private static readonly ValueList<string> Places =
    [
        .. ((string[])["x86_64", "i386", "aarch64", "arm", "ppc64", "s390x", "riscv64", "loongarch64"])
            .SelectMany(machine => (string[])[$"{Programs}/qemu-system-{machine}", $"/usr/local/bin/qemu-system-{machine}"]),
        $"{Programs}/qemu-kvm", $"{Programs}/kvm", "/usr/libexec/qemu-kvm", "/usr/libexec/xen-qemu-system-i386", "/usr/lib/xen/bin/qemu-system-i386",
        "/run/current-system/sw/bin/qemu-system-x86_64", "/run/current-system/sw/bin/qemu-system-aarch64",
    ];

    /// <summary>The accounts that distributions make for it.</summary>
    private static readonly ValueList<string> Accounts = ["libvirt-qemu", "qemu"];

    public static EmulatorInfo Read(ISysfs files)
    {
        var configuration = files.ReadText(Configuration);
        return new()
        {
            Programs = files.ReadStatus(Programs).IsKnown
                ? Fact.Known(Places.Where(path => files.ReadStatus(path).IsKnown).ToValueList(), Programs)
                : Fact.Unknown<ValueList<string>>(Programs, "the files of this host have no such directory"),
            Account = Account(files, configuration),
            ChangesOwners = configuration.IsUnknown
                ? configuration.Select(_ => true)
                : Fact.Known(Setting(configuration.Value, "dynamic_ownership") != "0", configuration.Source),
        };
    }

    /// <summary>The line of an account or a group in /etc/passwd or /etc/group, taken apart at its colons.</summary>
    internal static string[]? Entry(string text, string name) => text.Split('\n')
        .Select(line => line.Split(':'))
        .FirstOrDefault(fields => fields.Length > 3 && fields[0] == name);

    private static Fact<EmulatorAccount> Account(ISysfs files, Fact<string> configuration)
    {
        if (configuration.IsUnknown)
        {
            return configuration.Select(_ => new EmulatorAccount("", 0, []));
        }

        var accounts = files.ReadText("/etc/passwd");
        var groups = files.ReadText("/etc/group");
        if (!accounts.IsKnown)
        {
            return accounts.Select(_ => new EmulatorAccount("", 0, []));
        }

        var configured = Setting(configuration.Value, "user");
        var name = configured ?? Accounts.FirstOrDefault(account => Entry(accounts.Value!, account) is not null);
        if (name is null)
        {
            return Fact.Absent<EmulatorAccount>(accounts.Source);
        }

        var entry = Entry(accounts.Value!, name);
        if (!TryNumber(entry?[2] ?? name.TrimStart('+'), out var user))
        {
            return Fact.Unknown<EmulatorAccount>(accounts.Source, $"the file has no account {name}");
        }

        var group = Setting(configuration.Value, "group");
        var ids = new List<uint>();
        AddNumber(ids, group is null ? null : Entry(groups.Value ?? "", group)?[2] ?? group.TrimStart('+'));
        AddNumber(ids, entry?[3]);
        foreach (var fields in (groups.Value ?? "").Split('\n').Select(line => line.Split(':')).Where(fields => fields.Length > 3))
        {
            if (fields[3].Split(',').Contains(name))
            {
                AddNumber(ids, fields[2]);
            }
        }

        return Fact.Known(
            new EmulatorAccount(name, user, [.. ids.Distinct()]),
            configured is null ? accounts.Source : configuration.Source);
    }

    // libvirt's own format: user = "qemu", a number being written "+0".
    private static string? Setting(string? configuration, string name)
    {
        foreach (var line in (configuration ?? "").Split('\n'))
        {
            if (line.Split('=', 2, StringSplitOptions.TrimEntries) is [var key, var value] && key == name)
            {
                return value.Trim('"');
            }
        }

        return null;
    }

    private static void AddNumber(List<uint> ids, string? text)
    {
        if (TryNumber(text, out var id))
        {
            ids.Add(id);
        }
    }

    private static bool TryNumber(string? text, out uint number) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
