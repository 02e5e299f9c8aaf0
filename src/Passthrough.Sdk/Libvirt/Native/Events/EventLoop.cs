using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>libvirt's default event loop on a separate thread, until the process ends.</summary>
/// <remarks>
/// It answers keepalives and runs the callbacks. It does not stop with the last connection: libvirt may still have callbacks
/// to free after that. Nothing of ours blocks on this thread or calls a blocking function of libvirt from it, which would
/// wait for itself. When the process ends it leaves libvirt first: the exit handlers of libvirt and of the libraries below it
/// free what a turn of the loop may still be using.
/// </remarks>
internal sealed unsafe class EventLoop
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastTurn = TimeSpan.FromSeconds(2);

    private readonly Thread _thread;
    private readonly int _wake;
    private volatile bool _stops;

    private EventLoop()
    {
        // A timer that is never due wakes the loop when it becomes due.
        _wake = LibVirt.virEventAddTimeout(-1, &OnWake, 0, null);
        Ensure.Success(_wake, null, "cannot add a timer to the event loop of", "libvirt");
        _thread = new Thread(Run) { IsBackground = true, Name = "libvirt events" };
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();
    }

    public static void Start()
    {
        Ensure.Success(LibVirt.virEventRegisterDefaultImpl(), null, "cannot register the event loop of", "libvirt");
        new EventLoop()._thread.Start();
    }

    private void Run()
    {
        while (!_stops)
        {
            if (LibVirt.virEventRunDefaultImpl() < 0)
            {
                // It has no reason to fail; should it, this keeps a core from spinning.
                Thread.Sleep(AfterFailure);
            }
        }
    }

    private void Stop()
    {
        _stops = true;
        if (Thread.CurrentThread != _thread)
        {
            LibVirt.virEventUpdateTimeout(_wake, 0);
            _thread.Join(LastTurn);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnWake(int timer, nint userData)
    {
    }
}
