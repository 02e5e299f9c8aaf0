using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.MediatedDevices;

/// <summary>The exception that is thrown when a mediated device cannot be created or removed, or was not created or removed.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class MediatedDeviceException : PassthroughException
{
    internal MediatedDeviceException(Guid uuid, string message, int? errorNumber = null, ValueList<string> log = default)
        : base(message)
    {
        Uuid = uuid;
        ErrorNumber = errorNumber;
        Log = log.IsDefault ? [] : log;
    }

    /// <summary>Gets the UUID of the mediated device.</summary>
    public Guid Uuid { get; }

    /// <summary>Gets the errno of Linux that the kernel returned: 28 ENOSPC or 87 EUSERS if no instance is left, 17 EEXIST; null if the kernel returned none.</summary>
    public int? ErrorNumber { get; }

    /// <summary>Gets the lines that the kernel and the parent's driver logged about the device meanwhile; empty if there are none, or if the log cannot be read.</summary>
    public ValueList<string> Log { get; }
}
