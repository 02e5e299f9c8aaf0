using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Faults;

/// <summary>libvirtd and virsh in Chinese, as on a desktop with <c>LANG=zh_CN.UTF-8</c>.</summary>
/// <remarks>
/// gettext translates only in a locale that exists, whatever LANGUAGE says. Debian's package has no compiled one but C.UTF-8, so its
/// data stands in under the name of the Chinese one: messages come from the catalogues in any case, and localedef is slow under emulation.
/// </remarks>
internal static class Chinese
{
    private const string Folder = "/run/lab/locale";
    private const string Environment = $"env -u LC_ALL -u LANGUAGE LOCPATH={Folder} LANG=zh_CN.UTF-8";

    /// <summary>libvirtd starts again, and says everything in Chinese.</summary>
    public const string Daemon = $"mkdir -p {Folder}; cp -rT /usr/lib/locale/C.utf8 {Folder}/zh_CN.UTF-8; {LibvirtFaultTests.Stop}; {Environment} libvirtd --daemon";

    /// <summary>libvirtd starts again, in English.</summary>
    public const string Back = LibvirtFaultTests.Restart;

    /// <summary>Starts a domain with the device by virsh.</summary>
    public static PassthroughError? Start(Fault fault)
    {
        using var vm = LabDomain.Define(Fault.Domain, devices: Attempts.Hostdev(fault.Device));
        return Virsh(fault, $"start {Fault.Domain}");
    }

    /// <summary>Attaches the device by virsh to a domain that runs.</summary>
    /// <param name="emulator">What it runs under, one of tests/lab/emulators.</param>
    public static Func<Fault, PassthroughError?> Attach(string emulator) => fault =>
    {
        using var vm = LabDomain.Define(Fault.Domain, devices: Attempts.Emulator(emulator));
        vm.Domain.Start();
        File.WriteAllText("/run/lab/device.xml", Attempts.Hostdev(fault.Device));
        return Virsh(fault, $"attach-device {Fault.Domain} /run/lab/device.xml --live");
    };

    // What is pasted is all that virsh prints. The row is explained from this library's own table; here the host's catalogues explain the same.
    private static PassthroughError? Virsh(Fault fault, string command)
    {
        var (code, _, errors) = Shell.Try($"{Environment} virsh -c qemu:///system {command}");
        if (code == 0)
        {
            return null;
        }

        var error = new PassthroughError { Text = errors };
        if (fault.IsSaid(errors))
        {
            Assert.StartsWith("错误：", errors, StringComparison.Ordinal);
            var cause = PassthroughHost.Local().Explain(error, new() { Devices = [fault.Device] }).Cause!;
            Assert.Equal(fault.Explain, cause.Id);
            Assert.Contains(cause.Evidence, evidence => evidence.Source == "/usr/share/locale/zh_CN/LC_MESSAGES/libvirt.mo");
        }

        return error;
    }
}
