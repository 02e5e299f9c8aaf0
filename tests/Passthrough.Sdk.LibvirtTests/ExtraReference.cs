using System.Reflection;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Libvirt.Native;

namespace Passthrough.Sdk.LibvirtTests;

/// <summary>A reference of the test's own to a connection, by which to see whether it is the last one.</summary>
internal sealed class ExtraReference : IDisposable
{
    private nint _connection;

    public ExtraReference(LibvirtConnection libvirt)
    {
        var handle = (ConnectHandle)typeof(LibvirtConnection).GetField("_handle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(libvirt)!;
        Assert.Equal(0, LibVirt.virConnectRef(handle));
        _connection = handle.DangerousGetHandle();
    }

    /// <summary>Gives the reference back; libvirt answers how many are left.</summary>
    public void AssertLast()
    {
        // freecb and the callbacks' references go on the event loop, soon after deregistering.
        SpinWait.SpinUntil(() => Left() == 0, TimeSpan.FromSeconds(5));
        Assert.Equal(0, Left());
    }

    public void Dispose() => _ = _connection == 0 ? 0 : LibVirt.virConnectClose(_connection);

    private int Left()
    {
        if (_connection == 0)
        {
            return 0;
        }

        // Closing answers with what is left; take the reference again unless it was the last.
        var left = LibVirt.virConnectClose(_connection);
        Assert.True(left >= 0);
        if (left == 0)
        {
            _connection = 0;
        }
        else
        {
            Assert.Equal(0, Native.LibVirtForTests.virConnectRef(_connection));
        }

        return left;
    }
}
