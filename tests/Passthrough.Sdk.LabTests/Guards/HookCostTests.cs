using System.Diagnostics;
using System.Globalization;
using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests.Guards;

/// <summary>What the start hook costs: <c>virsh start</c> with it and without it, turn and turn about, of a domain without host devices and of one with a NIC.</summary>
/// <remarks>
/// Inside the lab's host: <c>Passthrough.Sdk.LabTests -explicit only -class "*HookCostTests"</c>. The figures are written to
/// /out/hook.md; benchmarks/README.md has the last ones.
/// </remarks>
[LabHost(Iommu.Vtd, Own = "plans")]
public sealed class HookCostTests : IDisposable
{
    private const string Hook = "/etc/libvirt/hooks/qemu.d/passthrough";
    private const string Aside = "/run/hook-aside";
    private const int Turns = 7;

    public void Dispose()
    {
        Shell.Try($"{CommandLine.Program} hook remove");
        LibvirtDaemon.RestartWith(null);
    }

    [Fact(Explicit = true)]
    public void Measure()
    {
        Shell.Run("modprobe vfio-pci");
        Shell.Run($"{CommandLine.Program} hook install");
        LibvirtDaemon.RestartWith(null); // libvirt looks once for each hook when it starts
        using var plain = LabDomain.Define("plain");
        using var nic = LabDomain.Define("nic", devices:
            "<hostdev mode='subsystem' type='pci' managed='yes'><source><address domain='0x0000' bus='0x01' slot='0x00' function='0x0'/></source></hostdev>");
        var rows = new List<string>();
        foreach (var (name, what) in new[] { ("plain", "no host device"), ("nic", "one NIC") })
        {
            var (with, without, alone) = (new List<double>(), new List<double>(), new List<double>());
            Shell.Run($"virsh dumpxml --inactive {name} > /run/{name}.xml");
            for (var turn = 0; turn <= Turns; turn++)
            {
                var hooked = Start(name);
                Shell.Run($"mv {Hook} {Aside}");
                var bare = Start(name);
                Shell.Run($"mv {Aside} {Hook}");
                var hook = Timed($"{Hook} {name} prepare begin - < /run/{name}.xml");
                if (turn > 0) // the first turn fills the caches
                {
                    with.Add(hooked);
                    without.Add(bare);
                    alone.Add(hook);
                }
            }

            rows.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {Turns} turns, median | virsh start without the hook {Figures.Median(without):0} ms | with it {Figures.Median(with):0} ms ({Figures.Median(with) / Figures.Median(without):0.00} times) | the hook alone {Figures.Median(alone):0} ms |"));
        }

        rows.ForEach(TestContext.Current.TestOutputHelper!.WriteLine);
        File.WriteAllLines("/out/hook.md", rows);
    }

    private static double Start(string name)
    {
        var took = Timed($"virsh start {name}");
        Shell.Run($"virsh destroy {name}");
        return took;
    }

    private static double Timed(string command)
    {
        var start = Stopwatch.GetTimestamp();
        Shell.Run(command);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
