using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Passthrough.Sdk.Assignment;
using Passthrough.Sdk.Drivers;
using Passthrough.Sdk.Host;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Readiness;
using Passthrough.Sdk.Sysfs;
using Passthrough.Sdk.Testing;
using Passthrough.Sdk.Tests.Sysfs;

namespace Passthrough.Sdk.Tests.Drivers;

public sealed class VirtualFunctionTests : IDisposable
{
    private static readonly PciAddress Physical = PciAddress.Parse("0000:02:00.0");
    private static readonly PciAddress First = PciAddress.Parse("0000:02:00.1");

    private readonly FakeHost _fake = FakeHost.Create().AddPciDevice("0000:02:00.0", 0x1b36, 0x0010, driver: "nvme");

    public void Dispose() => _fake.Dispose();

    [Theory]
    [InlineData(0, 2, "2")]
    [InlineData(2, 0, "0")]
    [InlineData(2, 4, "0 4")]
    [InlineData(3, 3, "")]
    public async Task A_number_is_changed_from_and_to_0_only(int before, int after, string written)
    {
        var kernel = new Kernel(before);

        var functions = await Set(kernel, after);

        Assert.Equal(after, functions.Length);
        Assert.Equal(written, string.Join(' ', kernel.Written));
    }

    [Theory]
    [InlineData(Errno.OutOfRange, "ERANGE")]
    [InlineData(Errno.NoMemory, "pci=realloc")]
    [InlineData(Errno.NoSpace, "ask for fewer")]
    [InlineData(Errno.NotFound, "no driver")]
    [InlineData(Errno.AccessDenied, "run as root")]
    [InlineData(Errno.TimedOut, "still under way")]
    public async Task What_the_kernel_refuses_is_explained(int errno, string named)
    {
        var error = await Assert.ThrowsAsync<VirtualFunctionException>(() => Set(new Kernel(0) { Refuse = value => value == 2 ? errno : Errno.Success }, 2));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("0000:02:00.0", error.Message, StringComparison.Ordinal);
        Assert.False(error.IsRefused);
    }

    [Fact]
    public async Task What_was_there_before_comes_back_when_the_second_write_fails()
    {
        var kernel = new Kernel(2) { Refuse = value => value == 4 ? Errno.NoMemory : Errno.Success };

        var error = await Assert.ThrowsAsync<VirtualFunctionException>(() => Set(kernel, 4));

        Assert.Contains("it has its 2 from before again", error.Message, StringComparison.Ordinal);
        Assert.Equal(["0", "4", "2"], kernel.Written);
    }

    [Fact]
    public async Task A_write_that_does_nothing_is_noticed() =>
        Assert.Contains("has 0 virtual functions where 2", (await Assert.ThrowsAsync<VirtualFunctionException>(() => Set(new Kernel(0) { IsDeaf = true }, 2))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_function_without_SR_IOV_too_many_and_a_virtual_one_are_refused()
    {
        Assert.Contains("no SR-IOV", Assert.Throws<VirtualFunctionException>(() => Plan(1)).Message, StringComparison.Ordinal);
        WithFunctions(total: 4, now: 1);
        var error = Assert.Throws<VirtualFunctionException>(() => Plan(5));
        Assert.True(error.IsRefused);
        Assert.Contains("at most 4", error.Message, StringComparison.Ordinal);
        Assert.Contains("0000:02:00.0", Assert.Throws<VirtualFunctionException>(() => Plan(1, First)).Message, StringComparison.Ordinal);
        Assert.Throws<DeviceNotFoundException>(() => Plan(1, PciAddress.Parse("0000:09:00.0")));
    }

    [Fact]
    public void A_virtual_function_that_a_domain_owns_refuses_its_going()
    {
        WithFunctions(total: 4, now: 1);
        var libvirt = new LibvirtFacts { Uri = "qemu:///system", Owners = ImmutableDictionary<PciAddress, string>.Empty.Add(First, "vm1") };

        var plan = Plan(2, libvirt: libvirt);

        Assert.True(plan.IsRefused);
        Assert.Equal(FindingIds.DeviceInUseByDomain, plan.Findings[0].Id);
        Assert.Equal([First], plan.Leaving);
        Assert.Equal([0, 2], plan.Writes);
        Assert.Throws<AssignmentRefusedException>(() => { _ = plan.ApplyAsync(cancellationToken: TestContext.Current.CancellationToken); });
        Assert.False(Plan(1, libvirt: libvirt).IsRefused);
    }

    [Fact]
    public void Only_the_local_host_is_acted_upon() =>
        Assert.Throws<InvalidOperationException>(() => PassthroughHost.At(_fake.Root).PlanVirtualFunctions(Physical, 1));

    private static Task<ImmutableArray<PciAddress>> Set(Kernel kernel, int count) =>
        new VirtualFunctionWriter(kernel, TimeProvider.System).SetAsync(Physical, count, Timeout.InfiniteTimeSpan, TestContext.Current.CancellationToken);

    private VirtualFunctionPlan Plan(int count, PciAddress? function = null, LibvirtFacts? libvirt = null)
    {
        var address = function ?? Physical;
        var snapshot = PassthroughHost.At(_fake.Root).Capture(new CaptureOptions { DetailsOf = [address] });
        return VirtualFunctionPlanner.Plan(snapshot, address, count, libvirt, (_, _) => throw new InvalidOperationException("not to be applied"));
    }

    private void WithFunctions(int total, int now) => _fake
        .AddPciDevice("0000:02:00.1", 0x1b36, 0x0010, physicalFunction: "0000:02:00.0")
        .WriteAttribute("0000:02:00.0", "sriov_totalvfs", $"{total}\n").WriteAttribute("0000:02:00.0", "sriov_numvfs", $"{now}\n");

    /// <summary>Does with <c>sriov_numvfs</c> what the kernel does.</summary>
    private sealed class Kernel(int count) : DelegatingSysfs(new UnknownSysfs())
    {
        private int _count = count;

        public Func<int, int> Refuse { get; init; } = _ => Errno.Success;

        public bool IsDeaf { get; init; }

        public List<string> Written { get; } = [];

        public override int TryRead(string path, Span<byte> buffer, out int length) =>
            Encoding.UTF8.TryGetBytes($"{_count}\n", buffer, out length) && path.EndsWith("/sriov_numvfs", StringComparison.Ordinal) ? Errno.Success : Errno.NotFound;

        public override int TryReadLink(string path, out string target)
        {
            var index = int.Parse(path[(path.LastIndexOf("virtfn", StringComparison.Ordinal) + 6)..], CultureInfo.InvariantCulture);
            target = $"../0000:02:00.{index + 1}";
            return index < _count ? Errno.Success : Errno.NotFound;
        }

        public override int TryWrite(string path, ReadOnlySpan<byte> content)
        {
            var text = Encoding.UTF8.GetString(content);
            Written.Add(text);
            var value = int.Parse(text, CultureInfo.InvariantCulture);
            if (_count > 0 && value > 0)
            {
                return Errno.Busy;
            }

            var errno = Refuse(value);
            _count = errno == Errno.Success && !IsDeaf ? value : _count;
            return errno;
        }
    }
}
