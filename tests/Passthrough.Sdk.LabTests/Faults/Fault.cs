using System.Collections.Concurrent;
using System.Text;
using Passthrough.LabTests.Lab;
using Passthrough.Sdk;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.TestSupport;

namespace Passthrough.LabTests.Faults;

/// <summary>
/// A fault that is put into a host on purpose: what the doctor says before anybody tries, what the attempt says, and what
/// that is explained by. One row of the table in docs/faults.md.
/// </summary>
/// <param name="Name">What is wrong, in the words of the table.</param>
internal sealed record Fault(string Name)
{
    /// <summary>The domain that is to have the device.</summary>
    public const string Domain = "doomed";

    /// <summary>Puts the fault into the host, as a line for bash.</summary>
    public required string Inject { get; init; }

    /// <summary>Takes it out again, as a line for bash; empty where there is nothing to take back.</summary>
    public string TakeBack { get; init; } = "true";

    /// <summary>Devices of another domain that runs meanwhile; null: there is no other.</summary>
    public string? Beside { get; init; }

    /// <summary>The device that is to be given away.</summary>
    public PciAddress Device { get; init; } = Lab.Device.Nic;

    /// <summary>The kind of guest that is to have it.</summary>
    public GuestKind Guest { get; init; }

    /// <summary>What is tried; null: to start a domain with the device.</summary>
    public Func<Fault, PassthroughError?>? Attempt { get; init; }

    /// <summary>Whether it is tried at all.</summary>
    public bool IsTried { get; init; } = true;

    /// <summary>What the attempt left running, which ends when the fault is taken back.</summary>
    public ConcurrentBag<Task> Background { get; } = [];

    /// <summary>The definition of a domain that the attempt made, and that is gone after it.</summary>
    public ConcurrentBag<string> Definitions { get; } = [];

    /// <summary>Whether an ordinary user asks and tries, and not root.</summary>
    public bool AsNobody { get; init; }

    /// <summary>The id of the doctor's first finding; null: none, since the fault is not there yet or not to be seen.</summary>
    public required string? Doctor { get; init; }

    /// <summary>A part of libvirt's answer to the attempt, or several of which one is in it, with <c>|</c> between them; null: it does it all the same.</summary>
    public required string? Says { get; init; }

    /// <summary>The id of the finding that explains the answer; where nothing is said, the one that the doctor had found.</summary>
    public string? Explain { get => field ?? Doctor; init; }

    /// <summary>Makes the fault, asks, tries, asks again, writes the row, judges it, and takes the fault back.</summary>
    public void Show()
    {
        Shell.Run($"set -e; {Inject}");
        try
        {
            using var owner = Beside is null ? null : LabDomain.Define("owner", devices: Beside);
            owner?.Domain.Start();
            var row = AsNobody ? Lab.AsNobody.Run(LookAndTry) : LookAndTry();
            row.Write();

            Assert.Equal(Doctor, row.Before?.Id);
            if (Says is null)
            {
                Assert.Null(row.Error);
            }
            else
            {
                Assert.True(IsSaid(row.Error?.Text), $"said was: {row.Error?.Text}");
                Assert.Equal(Explain, row.After?.Cause?.Id);
            }

            Assert.Contains(row.ToString(), File.ReadLines(Repository.PathOf("docs/faults.md")));
        }
        finally
        {
            Shell.Run(TakeBack);
            Task.WaitAll([.. Background]);
        }
    }

    /// <summary>Whether an answer is the one that is expected.</summary>
    public bool IsSaid(string? answer) => Says?.Split('|').Any(part => answer?.Contains(part, StringComparison.Ordinal) == true) == true;

    private FaultRow LookAndTry()
    {
        ValueList<PciAddress> devices = [Device];
        var log = Guest == GuestKind.Qemu ? $"/var/log/libvirt/qemu/{Domain}.log" : "/var/log/libvirt/libxl/libxl-driver.log";
        var before = Capture();
        var report = before.CheckDevices(devices, Guest, LibvirtFacts.Read(Guest == GuestKind.Qemu ? "qemu:///system" : "xen:///system"));
        var logged = File.Exists(log) ? new FileInfo(log).Length : 0;
        var error = IsTried ? (Attempt ?? Attempts.Start)(this) : null;
        var said = !AsNobody && File.Exists(log) ? Encoding.UTF8.GetString(File.ReadAllBytes(log).AsSpan((int)logged)) : null;
        var after = error is null ? null : Capture().Explain(error, new()
        {
            Devices = devices,
            DomainXml = Definitions.SingleOrDefault(),
            DomainLog = said,
            DomainLogSource = said is null ? null : log,
        });
        return new(this, report, error, after);
    }

    private HostSnapshot Capture() => PassthroughHost.Local().Capture(new CaptureOptions { DetailsOf = [Device], OpenHandles = true });
}
