namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Whoever has to know that a connection broke.</summary>
internal interface IConnectionOwner
{
    /// <summary>Called once, on the thread pool.</summary>
    /// <param name="reason">virConnectCloseReason.</param>
    void OnConnectionLost(int reason);
}
