using Passthrough.LabTests.Lab;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Faults;

/// <summary>What an operator would try, with libvirt's answer; null when there is no error.</summary>
internal static class Attempts
{
    /// <summary>Starts a domain with the device.</summary>
    public static PassthroughError? Start(Fault fault) => StartWith(fault, Hostdev(fault.Device));

    /// <summary>Writes a domain with the device, and starts it.</summary>
    public static PassthroughError? DefineAndStart(Fault fault) => Try(() =>
    {
        using var vm = LabDomain.Define(Fault.Domain, devices: Hostdev(fault.Device));
        vm.Domain.Start();
    });

    /// <summary>Starts a domain with these devices.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="devices">Device elements.</param>
    /// <param name="settings">Elements beside them.</param>
    public static PassthroughError? StartWith(Fault fault, string devices, string settings = "")
    {
        using var vm = LabDomain.Define(Fault.Domain, devices: devices, settings: settings);
        fault.Definitions.Add(vm.Definition);
        return Try(() => vm.Domain.Start());
    }

    /// <summary>Starts a domain with the device under another emulator, one of tests/lab/emulators.</summary>
    public static Func<Fault, PassthroughError?> StartUnder(string emulator) => fault =>
        StartWith(fault, Emulator(emulator) + Hostdev(fault.Device));

    /// <summary>Starts a paravirtualised domain of Xen with the device.</summary>
    public static PassthroughError? StartOnXen(Fault fault)
    {
        using var vm = LabDomain.DefineOnXen(Fault.Domain, Hostdev(fault.Device));
        return Try(() => vm.Domain.Start());
    }

    /// <summary>Attaches the device to a running guest of Xen with Xen's own tool, which does not take it from its driver.</summary>
    /// <param name="guest">The guest's name.</param>
    public static Func<Fault, PassthroughError?> AttachWithXl(string guest) => fault =>
    {
        var (code, _, errors) = Shell.Try($"xl pci-attach {guest} {fault.Device}");
        return code == 0 ? null : new PassthroughError { Text = errors };
    };

    /// <summary>Attaches the device to a domain that runs.</summary>
    /// <param name="freePorts">The domain's free root ports.</param>
    /// <param name="emulator">What it runs under, one of tests/lab/emulators; null: QEMU.</param>
    public static Func<Fault, PassthroughError?> Attach(int freePorts = 2, string? emulator = null) => fault =>
    {
        using var vm = LabDomain.Define(Fault.Domain, freePorts, devices: emulator is null ? "" : Emulator(emulator));
        vm.Domain.Start();
        return Try(() => vm.Domain.AttachDevice(Hostdev(fault.Device), DeviceAffect.Live));
    };

    /// <summary>Tries again, six times at most, until the answer is the one that is expected, where chance decides which of two libvirt gives.</summary>
    public static Func<Fault, PassthroughError?> UntilSaid(Func<Fault, PassthroughError?> attempt) => fault =>
    {
        PassthroughError? answer = null;
        for (var i = 0; i < 6 && !fault.IsSaid(answer?.Text); i++)
        {
            answer = attempt(fault);
        }

        return answer;
    };

    /// <summary>Opens libvirt.</summary>
    public static PassthroughError? Open(Fault _) => Try(() => LibvirtConnection.Open("qemu:///system").Dispose());

    /// <summary>The device as a host device that libvirt manages.</summary>
    public static string Hostdev(PciAddress device, string managed = "yes") => $"""
        <hostdev mode='subsystem' type='pci' managed='{managed}'>
          <source><address domain='0x{device.Domain:x4}' bus='0x{device.Bus:x2}' slot='0x{device.Slot:x2}' function='0x{device.Function:x}'/></source>
        </hostdev>
        """;

    /// <summary>
    /// Starts a domain with a device whose driver does not let go. libvirt waits for it without a word; the kernel says after
    /// a while that it does. It comes to an end when the fault is taken back.
    /// </summary>
    public static PassthroughError? StartInVain(Fault fault)
    {
        Shell.Run("dmesg -C; echo 2 >/proc/sys/kernel/hung_task_timeout_secs");
        fault.Background.Add(Task.Run(() => Start(fault)));
        return new PassthroughError
        {
            Text = Shell.Run("until dmesg | grep 'blocked for more than' -A 30; do sleep 0.5; done; echo 120 >/proc/sys/kernel/hung_task_timeout_secs"),
        };
    }

    /// <summary>Does something, and returns libvirt's error or null.</summary>
    public static PassthroughError? Try(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (PassthroughException e)
        {
            return PassthroughError.From(e);
        }
    }

    /// <summary>The element of an emulator, one of tests/lab/emulators.</summary>
    public static string Emulator(string name) => $"<emulator>{Repository.PathOf($"tests/lab/emulators/{name}")}</emulator>";
}
