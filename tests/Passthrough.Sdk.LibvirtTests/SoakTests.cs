using System.Globalization;
using System.Runtime.InteropServices;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.LibvirtTests.Remote;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>Many cycles of open, list, describe, subscribe and close leave C's heap and the number of threads as they were. They take minutes: run them by hand.</summary>
public sealed partial class SoakTests
{
    private const long Allowed = 1 << 20;

    private static int Cycles => int.Parse(Environment.GetEnvironmentVariable("PASSTHROUGH_SOAK_CYCLES") ?? "100000", CultureInfo.InvariantCulture);

    [Fact(Explicit = true)]
    public void Cycles_in_this_process_leave_the_heap_flat()
    {
        TestDriver.Require();
        Check(Cycles, () => Cycle(LibvirtConnection.Open(TestDriver.Uri)));
    }

    [Fact(Explicit = true)]
    public void Cycles_over_a_socket_leave_the_heap_flat()
    {
        using var daemon = new Daemon("max_clients = 100");
        Check(Cycles / 20, () => Cycle(daemon.Open()));
    }

    [Fact(Explicit = true)]
    public void Cycles_that_only_finalisers_end_leave_the_heap_flat()
    {
        TestDriver.Require();
        var done = 0;
        Check(Cycles / 4, () =>
        {
#pragma warning disable PTS0002 // What becomes of handles that nobody disposes of is what is tested.
            var libvirt = LibvirtConnection.Open(TestDriver.Uri);
            _ = libvirt.SubscribeDomainEvents();
            _ = libvirt.GetDomain("test");
#pragma warning restore PTS0002
            if (++done % 1000 == 0)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
    }

    private static void Cycle(LibvirtConnection connection)
    {
        using var libvirt = connection;
        using var events = libvirt.SubscribeDomainEvents();
        using var devices = libvirt.SubscribeNodeDeviceEvents();
        foreach (var domain in libvirt.GetDomains())
        {
            using (domain)
            {
                _ = domain.GetXml();
            }
        }

        _ = Assert.Throws<LibvirtException>(() => libvirt.GetDomain("nobody"));
    }

    private static void Check(int cycles, Action cycle)
    {
        // What is kept for good (caches, arenas, threads of the pool) is there after a part of them.
        Run(cycles / 5, cycle);
        var (heap, threads) = (Heap(), Threads());
        Run(cycles, cycle);
        var (heapAfter, threadsAfter) = (Heap(), Threads());
        TestContext.Current.TestOutputHelper?.WriteLine($"{cycles} cycles: heap {heap} to {heapAfter} bytes, threads {threads} to {threadsAfter}");
        Assert.True(heapAfter - heap < Allowed, $"C's heap grew by {heapAfter - heap} bytes in {cycles} cycles");
        Assert.True(threadsAfter - threads < 10, $"there are {threadsAfter - threads} more threads");
    }

    private static void Run(int cycles, Action cycle)
    {
        for (var i = 0; i < cycles; i++)
        {
            cycle();
        }

        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        // libvirt's event loop frees what callbacks held a moment later.
        Thread.Sleep(TimeSpan.FromSeconds(2));
    }

    private static int Threads() => Directory.GetDirectories("/proc/self/task").Length;

    private static long Heap() => (long)ReadHeap().uordblks;

    [LibraryImport("libc", EntryPoint = "mallinfo2")]
    private static partial MallInfo ReadHeap();

    /// <summary>malloc.h's <c>struct mallinfo2</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct MallInfo
    {
        public nuint arena, ordblks, smblks, hblks, hblkhd, usmblks, fsmblks, uordblks, fordblks, keepcost;
    }
}
