using Passthrough.LabTests.Lab;

namespace Passthrough.LabTests;

/// <summary>
/// A driver that was told to let go and waits for its users. The kernel shows some files under a lock that the driver holds
/// meanwhile: whoever reads one of them is not gone, for whoever waits for him, before the driver has let go. So the answer is
/// not enough, the program has to end, too.
/// </summary>
[LabHost(Iommu.Vtd)]
public sealed class DriverThatWaitsTests
{
    private const string Card = "/sys/bus/pci/devices/0000:00:1b.0";
    private const string Driver = "/sys/bus/pci/drivers/snd_hda_intel";

    [Theory]
    [InlineData("list", 0, "-                Audio device")]
    [InlineData("show 0000:00:1b.0", 0, "is being unbound")]
    [InlineData("doctor 0000:00:1b.0", 1, "waits for sleep (")]
    [InlineData("explain --device 0000:00:1b.0 'INFO: task bash:9 blocked for more than 120 seconds.'", 0, "waits for sleep (")]
    public void The_answer_comes_and_the_program_ends(string arguments, int exitCode, string said)
    {
        Shell.Run("modprobe vfio-pci; until [ -e /dev/snd/controlC0 ]; do sleep 0.2; done");
        Shell.Run("sleep 600 </dev/snd/controlC0 >/dev/null 2>&1 & echo $! >/run/holder; until readlink /proc/$!/fd/0 | grep -q snd; do sleep 0.2; done");
        Shell.Run($"(echo 0000:00:1b.0 >{Driver}/unbind) >/dev/null 2>&1 & until [ ! -e {Card}/driver ]; do sleep 0.2; done");
        try
        {
            var (code, output, errors) = Shell.Try($"timeout -s KILL 120 {CommandLine.Program} {arguments}");
            Assert.True(code == exitCode, $"exit code {code}: {errors}");
            Assert.True(output.Contains(said, StringComparison.Ordinal), output);
            Shell.Run($"test -e {Card}/msi_irqs"); // the driver waits still
        }
        finally
        {
            Shell.Run($"kill $(cat /run/holder); until [ ! -e {Card}/msi_irqs ]; do sleep 0.2; done; echo 0000:00:1b.0 >{Driver}/bind");
        }
    }
}
