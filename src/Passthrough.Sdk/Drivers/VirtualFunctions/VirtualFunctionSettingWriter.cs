using System.Globalization;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt.Native;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Drivers;

/// <summary>Makes one setting of one virtual function through the network interface of its physical function, and verifies it.</summary>
internal sealed class VirtualFunctionSettingWriter(ISysfs sysfs, TimeProvider time)
{
    private Task<int> _write = Task.FromResult(Errno.Success);

    /// <summary>Makes a setting, waits for the driver, and verifies it as far as the driver reports it. A setting that holds already is not made again.</summary>
    /// <param name="function">The physical function.</param>
    /// <param name="setting">The setting.</param>
    /// <param name="deadline">The maximum time that the driver may take.</param>
    /// <param name="cancellationToken">Ends the wait, but not the request, which cannot be interrupted.</param>
    /// <exception cref="VirtualFunctionException">The kernel refused it, did not answer in time, or did not do it although it reported success.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled; the driver completes the request nevertheless.</exception>
    public async Task SetAsync(PciAddress function, VirtualFunctionSetting setting, TimeSpan deadline, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var link = Find(function);
        await SetAsync(function, link, setting, deadline, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a setting through an interface that is known.</summary>
    internal async Task SetAsync(PciAddress function, VirtualFunctionLink link, VirtualFunctionSetting setting, TimeSpan deadline, CancellationToken cancellationToken)
    {
        var (there, now) = ValueOf(link, setting);
        if (now == setting.Value)
        {
            return;
        }

        int errno;
        try
        {
            _write = Offload.Run(() => link.Set(setting), CancellationToken.None);
            errno = await _write.WaitAsync(deadline, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            errno = Errno.TimedOut;
        }

        if (errno != Errno.Success)
        {
            throw Failed(function, string.Create(
                CultureInfo.InvariantCulture, $"cannot set the {setting.Title} of virtual function {setting.Index} of {function} ({link.Name}) to {setting.Value}: {Explain(errno, function, link, setting, there)}"));
        }

        // A driver that reports nothing, and one that chooses another address in place of none, have said that they did it.
        now = ValueOf(link, setting).Value;
        if (now is not null && now != setting.Value && setting is not { Name: VirtualFunctionSetting.Mac, Value: VirtualFunctionSetting.NoMac })
        {
            throw Failed(function, string.Create(
                CultureInfo.InvariantCulture, $"the {setting.Title} of virtual function {setting.Index} of {function} ({link.Name}) is {now}, but {setting.Value} was requested, although the kernel reported no error; see the kernel's log"));
        }
    }

    /// <summary>Reads the value of a setting; null if the driver does not report it, or the virtual function does not exist.</summary>
    /// <exception cref="VirtualFunctionException">The physical function has no interface that shows it.</exception>
    public string? Read(PciAddress function, int index, string name) => ValueOf(Find(function), new(index, name, "")).Value;

    /// <summary>Waits until the last request has ended; until then, its effect is unknown.</summary>
    /// <exception cref="VirtualFunctionException">It does not end in time.</exception>
    public async Task SettleAsync(PciAddress function, TimeSpan limit)
    {
        try
        {
            await _write.WaitAsync(limit, time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw Failed(function, $"a setting of a virtual function of {function} is still being made: its driver does not answer; see the kernel's log");
        }
    }

    // In switchdev mode the representors of the virtual functions are interfaces of the same device; their driver reports no virtual functions.
    private VirtualFunctionLink Find(PciAddress function)
    {
        var directory = $"{PciDeviceReader.Bus}/{function}/net";
        var names = sysfs.List(directory);
        if (names.IsUnknown || sysfs.Netlink is not { } netlink)
        {
            throw Failed(function, $"cannot tell which network interface {function} has: {(names.IsUnknown ? $"{names.Source}: {names.Reason}" : "there is no netlink")}");
        }

        var links = new List<VirtualFunctionLink>();
        var reason = "its driver provides none, or it is in another network namespace";
        foreach (var name in names.IsKnown ? names.Value : [])
        {
            var number = sysfs.ReadNumber($"{directory}/{name}/ifindex");
            if (!number.IsKnown)
            {
                reason = $"{number.Source}: {number.Reason ?? "no such file"}";
                continue;
            }

            var link = new VirtualFunctionLink(netlink, name, (int)number.Value);
            var functions = link.Read();
            if (functions.IsKnown)
            {
                links.Add(link);
            }
            else
            {
                reason = $"{name}: {functions.Reason ?? "it has no virtual functions"}";
            }
        }

        return links switch
        {
            [var only] => only,
            [] => throw Failed(function, $"{function} has no network interface through which its virtual functions can be set ({reason}); bind its network driver, or move its interface back to this network namespace"),
            _ => throw Failed(function, $"{function} has several network interfaces that set virtual functions ({string.Join(", ", links.Select(link => link.Name))}), and it is unknown which one is meant; use ip link set DEVICE vf N"),
        };
    }

    private static (int? There, string? Value) ValueOf(VirtualFunctionLink link, VirtualFunctionSetting setting)
    {
        var functions = link.Read();
        var found = functions.IsKnown ? functions.Value.FirstOrDefault(each => each.Index == setting.Index) : null;
        return (functions.IsKnown ? functions.Value.Count : null, found is null ? null : VirtualFunctionSetting.ValueOf(found, setting.Name));
    }

    private static VirtualFunctionException Failed(PciAddress function, string message) => new(function, message, isRefused: false);

    // What the kernel and its drivers mean by each (net/core/rtnetlink.c, do_setvfinfo; ndo_set_vf_mac, ... of the drivers).
    private static string Explain(int errno, PciAddress function, VirtualFunctionLink link, VirtualFunctionSetting setting, int? there) => errno switch
    {
        Errno.NotSupported => $"its driver cannot set it (EOPNOTSUPP); leave this setting out, or use a card or a driver that can",
        Errno.NotPermitted => "operation not permitted (EPERM); run as root, with CAP_NET_ADMIN. If this happens to root, the driver refuses it: the card is in switchdev mode, or its firmware does not allow it; see the kernel's log",
        Errno.Invalid when there is { } count && setting.Index >= count => string.Create(CultureInfo.InvariantCulture, $"it has only {count} virtual functions (EINVAL); create more, or use an index below {count}"),
        Errno.Invalid => "the driver does not accept this value (EINVAL); see the kernel's log",
        Errno.NoDevice => $"the interface {link.Name} no longer exists here (ENODEV): the driver of {function} was unbound, or the interface was moved to another network namespace",
        Errno.ProtocolNotSupported => "the card has no such VLAN protocol (EPROTONOSUPPORT); use an ordinary VLAN (802.1Q)",
        Errno.Busy or Errno.Again => "the virtual function is still being reset (EBUSY, EAGAIN); wait a second and try again. If it stays in reset, set the interface of the physical function up",
        Errno.TimedOut => "the driver did not answer in time, and the request is still in progress; see the kernel's log",
        _ => $"{Errno.Describe(errno)}; look for the driver's reason in the kernel's log",
    };
}
