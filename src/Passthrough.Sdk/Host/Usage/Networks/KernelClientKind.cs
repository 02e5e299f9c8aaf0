namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>The parts of the kernel that use an interface by themselves.</summary>
internal enum KernelClientKind
{
    /// <summary>A PPPoE session.</summary>
    Pppoe = 0,

    /// <summary>The kernel's messages go to another host (netconsole).</summary>
    Netconsole = 1,

    /// <summary>RDMA in software over Ethernet (rxe, siw).</summary>
    Rdma = 2,
}
