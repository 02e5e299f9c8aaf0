using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Kernel;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>
/// Reads which interfaces the kernel itself uses: PPPoE sessions (/proc/net/pppoe), netconsole (configfs, and the kernel's command
/// line; Documentation/networking/netconsole.rst), RDMA in software (/sys/class/infiniband).
/// </summary>
/// <remarks>
/// No file shows the targets that <c>modprobe netconsole netconsole=...</c> made on kernels that do not list them in configfs.
/// </remarks>
internal static class KernelClientReader
{
    private const string Targets = "/sys/kernel/config/netconsole";
    private const string RdmaDevices = "/sys/class/infiniband";

    // What the kernel takes where its parameter names no interface.
    private const string UsualInterface = "eth0";

    /// <summary>Reads them.</summary>
    /// <param name="files">The host.</param>
    /// <param name="net">The directory in /proc of the network namespace.</param>
    /// <param name="isOwn">Whether it is the namespace of the reader: netconsole and RDMA name the interfaces of no other.</param>
    public static ValueList<KernelClient> Read(ISysfs files, string net, bool isOwn)
    {
        var clients = Pppoe(files.ReadText($"{net}/pppoe").Value ?? "");
        return isOwn ? [.. clients.Concat(Netconsole(files)).Concat(Rdma(files)).Distinct()] : [.. clients];
    }

    /// <summary>The interfaces that sessions run over: <c>00000001 52:54:00:11:22:33 eth0</c> below a line of headings.</summary>
    public static IEnumerable<KernelClient> Pppoe(string text) =>
        text.Split('\n').Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length >= 3)
            .Select(words => new KernelClient(KernelClientKind.Pppoe, words[2], null))
            .Distinct();

    /// <summary>The interfaces in <c>netconsole=[+][r]PORT@ADDRESS/INTERFACE,PORT@ADDRESS/MAC;...</c>.</summary>
    public static IEnumerable<string> InterfacesOf(string parameter)
    {
        foreach (var target in parameter.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var source = target.Split(',')[0];
            var name = source.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? source[(slash + 1)..] : "";
            yield return name.Length > 0 ? name : UsualInterface;
        }
    }

    private static IEnumerable<KernelClient> Netconsole(ISysfs files)
    {
        var targets = files.List(Targets);
        foreach (var target in targets.IsKnown ? targets.Value : [])
        {
            if (files.ReadNumber($"{Targets}/{target}/enabled") is { IsKnown: true, Value: 1 }
                && NameIn(files, $"{Targets}/{target}/dev_name") is { } name)
            {
                yield return new KernelClient(KernelClientKind.Netconsole, name, target);
            }
        }

        // The module is there: only then the parameter had an effect.
        if (!files.ReadStatus("/sys/module/netconsole").IsKnown)
        {
            yield break;
        }

        var parameters = KernelCommandLine.Parse(files.ReadText("/proc/cmdline").Value ?? "");
        foreach (var parameter in parameters.All("netconsole").Concat(parameters.All("netconsole.netconsole")))
        {
            foreach (var name in InterfacesOf(parameter.Value ?? ""))
            {
                yield return new KernelClient(KernelClientKind.Netconsole, name, null);
            }
        }
    }

    // A card's own RDMA device belongs to the card; one made in software names the interface that it stands on.
    private static IEnumerable<KernelClient> Rdma(ISysfs files)
    {
        var devices = ClassLinks.Read(files, RdmaDevices);
        foreach (var device in devices.IsKnown ? devices.Value : [])
        {
            if (device.Target.Contains("/virtual/", StringComparison.Ordinal)
                && (NameIn(files, $"{device.Path}/parent") ?? NameIn(files, $"{device.Path}/ports/1/gid_attrs/ndevs/0")) is { } name)
            {
                yield return new KernelClient(KernelClientKind.Rdma, name, device.Name);
            }
        }
    }

    private static string? NameIn(ISysfs files, string path) => files.ReadText(path).Value?.Trim() is { Length: > 0 } name ? name : null;
}
