using System.Globalization;
using System.Reflection;
using System.Text;
using Xunit.v3;

namespace Passthrough.LabTests.Lab;

/// <summary>
/// Says which virtual host a scenario, or every scenario of a class, needs. Scenarios that ask for the same host share one,
/// one after the other; <see cref="Own"/> asks for a host apart. Anywhere else than in that host they are skipped.
/// </summary>
/// <remarks>
/// The host is told to <c>eng/test lab</c> as the trait <c>lab</c>, whose value is the options of <c>tests/lab/boot</c>;
/// the host knows what it is from the variable <c>PASSTHROUGH_LAB</c>.
/// </remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class LabHostAttribute(Iommu iommu) : BeforeAfterTestAttribute, ITraitAttribute
{
    /// <summary>Which IOMMU the host has.</summary>
    public Iommu Iommu { get; } = iommu;

    /// <summary>Kernel parameters beyond those that switch the IOMMU on, separated by spaces.</summary>
    public string Parameters { get; set; } = "";

    /// <summary>Whether the IOMMU remaps interrupts.</summary>
    public bool InterruptRemapping { get; set; } = true;

    /// <summary>Whether its firmware describes it by ACPI. An Arm host can have a device tree instead.</summary>
    public bool Acpi { get; set; } = true;

    /// <summary>Whether it is a dom0 of Xen, with Xen's services and libvirt's driver for it. Its processor runs paravirtualised guests only.</summary>
    public bool Xen { get; set; }

    /// <summary>A parameter for Xen's own command line.</summary>
    public string? XenParameter { get; set; }

    /// <summary>Whether it has a USB controller, 0000:00:1d.0, with a stick.</summary>
    public bool Usb { get; set; }

    /// <summary>Whether it has a card of two functions, 0000:05:00.0 and 0000:05:00.1.</summary>
    public bool Card { get; set; }

    /// <summary>Whether it has a NIC with SR-IOV, 0000:05:00.0 (igb); only hosts of a platform with QEMU 8 or newer can.</summary>
    public bool Igb { get; set; }

    /// <summary>Whether the kernel's sample driver of mediated devices, mtty, is loaded.</summary>
    public bool MediatedDevices { get; set; }

    /// <summary>A name for a host that is not shared with scenarios which do not name it; for those that leave traces.</summary>
    public string? Own { get; set; }

    /// <summary>
    /// The <see cref="Own"/> name of a host whose next boot this is: it starts with the command line and the files that the
    /// other one left (<see cref="InstalledHost.KeepForTheNextBoot"/>), after it.
    /// </summary>
    public string? NextBootOf { get; set; }

    /// <summary>The host as options of <c>tests/lab/boot</c>, the same text for the same host.</summary>
    public string Options
    {
        get
        {
            var text = new StringBuilder("--iommu ").Append(Iommu.ToString().ToLowerInvariant());
            if (!InterruptRemapping)
            {
                text.Append(" --no-intremap");
            }

            if (!Acpi)
            {
                text.Append(" --no-acpi");
            }

            foreach (var parameter in Parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                text.Append(CultureInfo.InvariantCulture, $" --append {parameter}");
            }

            if (Xen)
            {
                text.Append(" --xen");
            }

            if (XenParameter is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $" --xen-append {XenParameter}");
            }

            if (Usb)
            {
                text.Append(" --usb");
            }

            if (Card)
            {
                text.Append(" --card");
            }

            if (Igb)
            {
                text.Append(" --igb");
            }

            if (MediatedDevices)
            {
                text.Append(" --mdev");
            }

            if (Own is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $" --name {Own}");
            }

            if (NextBootOf is not null)
            {
                text.Append(CultureInfo.InvariantCulture, $" --after {NextBootOf}");
            }

            return text.ToString();
        }
    }

    /// <inheritdoc />
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("lab", Options)];

    /// <inheritdoc />
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var here = Environment.GetEnvironmentVariable("PASSTHROUGH_LAB");
        if (here == Options)
        {
            return;
        }

        var reason = here is null
            ? $"runs in the lab only (tests/lab/boot {Options}): eng/test lab"
            : $"needs another host (tests/lab/boot {Options}) than this one ({here}): eng/test lab";
        // A missing prerequisite is news for whoever develops, and a fault of a build server.
        if (here is null && Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }
}
