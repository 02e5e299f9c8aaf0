namespace Passthrough.Sdk.Host.Changes;

/// <summary>The source of the kernel's messages.</summary>
internal interface IUeventSource : IDisposable
{
    /// <summary>Waits for the next message.</summary>
    /// <param name="buffer">Takes it.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>0; ENOBUFS when some were lost; ECANCELED after <see cref="Stop"/>; or another errno, and then there is no more.</returns>
    int Receive(Span<byte> buffer, out int length);

    /// <summary>Ends the waiting, from any thread.</summary>
    void Stop();
}
