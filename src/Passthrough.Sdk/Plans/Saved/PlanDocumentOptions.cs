using System.Collections.Immutable;

namespace Passthrough.Sdk.Plans.Saved;

/// <summary>The options of a saved plan: the accepted findings, and the time-outs in seconds. The journal's directory is chosen by the program that applies it.</summary>
internal sealed record PlanDocumentOptions
{
    public required ImmutableArray<string> Accept { get; init; }

    public required double JournalTimeout { get; init; }

    public required double LibvirtTimeout { get; init; }

    public required double UndoTimeout { get; init; }

    public required double UnplugTimeout { get; init; }

    /// <summary>Plans that were saved before guests were asked do not ask.</summary>
    public bool VerifyInGuest { get; init; }

    /// <summary>The time in plans that were saved before guests were asked is the default.</summary>
    public double GuestTimeout { get; init; } = new PlanOptions().GuestTimeout.TotalSeconds;

    public required double DriverTimeout { get; init; }

    /// <summary>The time in plans that were saved before there were resets is the default.</summary>
    public double ResetTimeout { get; init; } = new PlanOptions().ResetTimeout.TotalSeconds;

    public required double VirtualFunctionTimeout { get; init; }

    /// <summary>The time in plans that were saved before there were mediated devices is the default.</summary>
    public double MediatedDeviceTimeout { get; init; } = new PlanOptions().MediatedDeviceTimeout.TotalSeconds;

    public required double BootCommandTimeout { get; init; }

    public static PlanDocumentOptions Of(PlanOptions options) => new()
    {
        Accept = [.. options.Accepted.Order(StringComparer.Ordinal)],
        JournalTimeout = options.JournalTimeout.TotalSeconds,
        LibvirtTimeout = options.LibvirtTimeout.TotalSeconds,
        UndoTimeout = options.UndoTimeout.TotalSeconds,
        UnplugTimeout = options.UnplugTimeout.TotalSeconds,
        VerifyInGuest = options.VerifiesInGuest,
        GuestTimeout = options.GuestTimeout.TotalSeconds,
        DriverTimeout = options.DriverTimeout.TotalSeconds,
        ResetTimeout = options.ResetTimeout.TotalSeconds,
        VirtualFunctionTimeout = options.VirtualFunctionTimeout.TotalSeconds,
        MediatedDeviceTimeout = options.MediatedDeviceTimeout.TotalSeconds,
        BootCommandTimeout = options.BootCommandTimeout.TotalSeconds,
    };

    /// <summary>Returns the options.</summary>
    /// <exception cref="OverflowException">A time is too large for a time span.</exception>
    /// <exception cref="ArgumentException">A time is not a number.</exception>
    public PlanOptions ToOptions() => new()
    {
        Accepted = [.. Accept],
        JournalTimeout = TimeSpan.FromSeconds(JournalTimeout),
        LibvirtTimeout = TimeSpan.FromSeconds(LibvirtTimeout),
        UndoTimeout = TimeSpan.FromSeconds(UndoTimeout),
        UnplugTimeout = TimeSpan.FromSeconds(UnplugTimeout),
        VerifiesInGuest = VerifyInGuest,
        GuestTimeout = TimeSpan.FromSeconds(GuestTimeout),
        DriverTimeout = TimeSpan.FromSeconds(DriverTimeout),
        ResetTimeout = TimeSpan.FromSeconds(ResetTimeout),
        VirtualFunctionTimeout = TimeSpan.FromSeconds(VirtualFunctionTimeout),
        MediatedDeviceTimeout = TimeSpan.FromSeconds(MediatedDeviceTimeout),
        BootCommandTimeout = TimeSpan.FromSeconds(BootCommandTimeout),
    };
}
