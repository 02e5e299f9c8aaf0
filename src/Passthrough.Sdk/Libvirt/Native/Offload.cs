namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Runs a blocking call into libvirt beside the caller.</summary>
internal static class Offload
{
    /// <summary>
    /// On a thread of its own: starting a domain takes seconds, which the thread pool should not lose. The token counts until
    /// the call begins; inside C nothing interrupts it, and to return early would only hide that it goes on.
    /// </summary>
    public static Task<T> Run<T>(Func<T> call, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(call, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <inheritdoc cref="Run{T}"/>
    public static Task Run(Action call, CancellationToken cancellationToken) =>
        Task.Factory.StartNew(call, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
