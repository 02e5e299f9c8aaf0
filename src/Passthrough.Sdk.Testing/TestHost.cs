using System.Globalization;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Hostdev.Domains;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// A host for tests that reads like the machine that it describes. It is healthy and ready for passthrough, and every fact about it is known,
/// unless a call says otherwise.
/// </summary>
/// <remarks>
/// <para>
/// The calls that describe a device (<see cref="InGroup"/>, <see cref="BoundTo"/> and others) mean the card that was added last. The files are made
/// at the first use; after that, the description is complete, and a further call is an <see cref="InvalidOperationException"/>. <see cref="Files"/> can still be
/// changed: it is the <see cref="FakeHost"/> below, for everything that has no word here.
/// </para>
/// <para>
/// A card on a bus other than 00 gets a root port, and each card an IOMMU group of its own. A test with it shows how your code behaves, not what a
/// real kernel does. Not thread-safe: describe the host first; then it can be read from several threads.
/// </para>
/// </remarks>
/// <example>
/// <code>
/// using var host = TestHost.Intel().WithNic("0000:01:00.0").InGroup(14).WithMountedDisk("0000:02:00.0", "/srv");
///
/// Assert.True(host.CheckDevice("0000:01:00.0").IsReady);
/// Assert.Equal(FindingIds.DeviceHoldsMountedFileSystem, host.CheckDevice("0000:02:00.0")[0].Id);
/// </code>
/// </example>
public sealed partial class TestHost : IDisposable
{
    private readonly TestMachine _machine;
    private readonly List<TestDevice> _devices = [];
    private readonly List<Action<FakeHost>> _faults = [];
    private int _card; // the index of the first function of the card that was added last
    private readonly Lock _gate = new();
    private bool _isSwitchedOff;
    private bool _hasTable = true;
    private bool _hasVfio = true;
    private bool _isOnDisk;
    private FakeHost? _files;
    private FakeLibvirt? _libvirt;
    private IPassthroughHost? _host;
    private (int Version, HostSnapshot Snapshot)? _captured;

    private readonly Func<FakeHost>? _archive;
    private bool? _isCapturedDom0;

    private TestHost(TestMachine machine) => _machine = machine;

    private TestHost(Func<FakeHost> archive) => (_machine, _archive) = (TestMachine.Captured, archive);

    /// <summary>Gets the files of the host. The first use makes them and completes the description.</summary>
    public FakeHost Files
    {
        get
        {
            lock (_gate)
            {
                return _files ??= Build();
            }
        }
    }

    /// <summary>Gets the libvirt of the host, with a QEMU whose domains can have its devices.</summary>
    /// <exception cref="InvalidOperationException">The host is a Xen dom0.</exception>
    public FakeLibvirt Libvirt => IsDom0
        ? throw new InvalidOperationException("the fake libvirt is one of QEMU, which has no devices in a Xen dom0; describe an Intel or AMD host")
        : LibvirtOf(Files);

    /// <summary>Describes a machine with Intel's processor and VT-d, which is on.</summary>
    public static TestHost Intel() => new(TestMachine.Intel);

    /// <summary>Describes a machine with AMD's processor and AMD-Vi, which is on.</summary>
    public static TestHost Amd() => new(TestMachine.Amd);

    /// <summary>Describes an Arm server with an SMMU of version 3.</summary>
    public static TestHost Arm() => new(TestMachine.Arm);

    /// <summary>Describes the dom0 of a Xen that uses Intel's VT-d. Its kernel shows no IOMMU groups, and pciback holds the devices of guests.</summary>
    public static TestHost XenDom0() => new(TestMachine.XenDom0);

    /// <summary>
    /// Copies a captured host: one that a customer or a machine of your own has given you. It captures, plans and acts, with <see cref="Libvirt"/> and <see cref="Files"/>, on the
    /// copy; see <see cref="FakeHost.FromArchive(string)"/> for what an archive cannot say. The calls that describe a host are not for it.
    /// </summary>
    /// <param name="path">An archive (from <see cref="IPassthroughHost.CaptureTo"/> or <c>passthrough capture</c>, or any tar or tar.gz of a host's files).</param>
    /// <exception cref="HostSourceException">The file does not exist, cannot be read, or is not an archive.</exception>
    public static TestHost FromArchive(string path)
    {
        var files = FakeHost.FromArchive(path);
        return new(() => files) { _files = files };
    }

    internal static TestHost FromArchive(string name, Func<Stream> open) => new(() =>
    {
        using var archive = open();
        return FakeHost.FromArchive(name, archive);
    });

    /// <summary>The host is in a real directory from the beginning, for a program that reads its files itself; otherwise it is in memory until something needs the directory (<see cref="FakeHost.Root"/>).</summary>
    public TestHost OnDisk()
    {
        if (_archive is not null)
        {
            _ = Files.Root;
            return this;
        }

        return Describe(() => _isOnDisk = true);
    }

    /// <summary>Opens the host. It plans and acts on its files, as <see cref="FakeHost.Open"/>.</summary>
    /// <returns>The host, the same at every call.</returns>
    public IPassthroughHost Open()
    {
        lock (_gate)
        {
            return _host ??= Files.Open();
        }
    }

    /// <summary>Captures the host with everything that its files say.</summary>
    public HostSnapshot Capture() => Open().Capture(new CaptureOptions { AllDetails = true, Isolation = true, OpenHandles = true });

    /// <summary>Checks whether the host is ready for passthrough.</summary>
    public ReadinessReport CheckReadiness() => Captured().CheckReadiness(Guest);

    /// <summary>Checks whether a guest can have a device.</summary>
    /// <param name="address">The device's address; the domain may be left out.</param>
    /// <exception cref="FormatException">The address is invalid.</exception>
    public ReadinessReport CheckDevice(string address) => Captured().CheckDevices([PciAddress.Parse(address)], Guest);

    /// <summary>Deletes the files of the host, if they are in a directory.</summary>
    public void Dispose()
    {
        _libvirt?.Dispose();
        _files?.Dispose();
    }

    // Files in memory that nobody changed say the same again.
    private HostSnapshot Captured()
    {
        _ = Open();
        lock (_gate)
        {
            if (Files.Version is { } version && _captured is { } captured && captured.Version == version)
            {
                return captured.Snapshot;
            }
        }

        var before = Files.Version;
        var snapshot = Capture();
        lock (_gate)
        {
            _captured = before is { } counted && Files.Version == counted ? (counted, snapshot) : null;
        }

        return snapshot;
    }

    private FakeLibvirt LibvirtOf(FakeHost files)
    {
        lock (_gate)
        {
            return _libvirt ??= new(files);
        }
    }

    private bool IsDom0 => _archive is null ? _machine == TestMachine.XenDom0 : _isCapturedDom0 ??= Open().Capture().System.Environment.Xen.IsDom0.Value;

    private GuestKind Guest => IsDom0 ? GuestKind.XenHvm : GuestKind.Qemu;

    private bool IsIommuOff => _isSwitchedOff || !_hasTable;

    private bool HasGroups => _machine != TestMachine.XenDom0 && !IsIommuOff;

    private TestHost Describe(Action change)
    {
        if (_archive is not null)
        {
            throw new InvalidOperationException("a captured host is what its archive says; change TestHost.Files to give it something else");
        }

        if (_files is not null)
        {
            throw new InvalidOperationException("the files of the host are made already; describe the host before its first use, or change TestHost.Files");
        }

        change();
        return this;
    }

    private TestHost Add(params ReadOnlySpan<TestDevice> functions)
    {
        var added = functions.ToArray();
        return Describe(() =>
        {
            foreach (var function in added)
            {
                if (_devices.Exists(known => known.Address == function.Address))
                {
                    throw new ArgumentException($"the host has {function.Address} already; choose another address");
                }
            }

            _card = _devices.Count;
            _devices.AddRange(added);
        });
    }

    private TestHost OfCard(Func<TestDevice, TestDevice> change) => Describe(() =>
    {
        if (_devices.Count == 0)
        {
            throw new InvalidOperationException("the host has no device that this could describe; add one first, for example with WithNic");
        }

        for (var i = _card; i < _devices.Count; i++)
        {
            _devices[i] = change(_devices[i]);
        }
    });

    // As udev names it.
    private static string InterfaceOf(PciAddress address) => string.Create(
        CultureInfo.InvariantCulture, $"en{(address.Domain == 0 ? "" : $"P{address.Domain}")}p{address.Bus}s{address.Slot}{(address.Function == 0 ? "" : $"f{address.Function}")}");
}
