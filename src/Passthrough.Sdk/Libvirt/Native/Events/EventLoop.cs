namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>libvirt's default event loop on a separate thread, for as long as the process lives.</summary>
/// <remarks>
/// It answers keepalives and runs the callbacks. It never stops: libvirt may still have callbacks to free after the last
/// connection is closed. Nothing of ours blocks on this thread or calls a blocking function of libvirt from it, which
/// would wait for itself.
/// </remarks>
internal static class EventLoop
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    public static void Start()
    {
        Ensure.Success(LibVirt.virEventRegisterDefaultImpl(), "cannot register the event loop of", "libvirt");
        new Thread(Run) { IsBackground = true, Name = "libvirt events" }.Start();
    }

    private static void Run()
    {
        while (true)
        {
            if (LibVirt.virEventRunDefaultImpl() < 0)
            {
                // It has no reason to fail; should it, this keeps a core from spinning.
                Thread.Sleep(AfterFailure);
            }
        }
    }
}
