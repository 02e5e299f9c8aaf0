namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>A copy of a thread's last error.</summary>
internal readonly record struct NativeError(
    LibvirtErrorCode Code, LibvirtErrorDomain Domain, LibvirtErrorLevel Level, string Message, string? Detail, int Int1, int Int2, bool IsLost)
{
    private const string NoReason = "libvirt gave no reason";

    /// <summary>Takes the error of the call that this thread made last.</summary>
    /// <param name="on">The object on which the call was made; null if there is none.</param>
    public static unsafe NativeError Capture(VirHandle? on)
    {
        var error = LibVirt.virGetLastError();
        if (error is null)
        {
            return new NativeError(LibvirtErrorCode.Ok, LibvirtErrorDomain.None, LibvirtErrorLevel.None, NoReason, null, 0, 0, IsLost: false);
        }

        var copy = new NativeError(
            (LibvirtErrorCode)error->code,
            (LibvirtErrorDomain)error->domain,
            (LibvirtErrorLevel)error->level,
            Utf8.Read(error->message)?.TrimEnd() ?? NoReason,
            Utf8.Read(error->str2),
            error->int1,
            error->int2,
            IsLost: false);
        LibVirt.virResetLastError();

        // Each call reports the loss of a connection in a different way: as a system error, an internal error, an error of the protocol.
        return copy.Domain is LibvirtErrorDomain.Rpc or LibvirtErrorDomain.Remote && on?.IsLost() == true ? copy with { IsLost = true } : copy;
    }

    /// <summary>What failed, libvirt's reason and, where one is known, what to do.</summary>
    public LibvirtException ToException(string cannot, string what) => ToException(cannot, what, WayOut.For(this));

    /// <inheritdoc cref="ToException(string, string)"/>
    public LibvirtException ToException(string cannot, string what, string? wayOut, Exception? cause = null)
    {
        if (IsLost)
        {
            return new LibvirtConnectionLostException($"{cannot} '{what}': the connection to libvirt is lost: {Message}; connect again", Message) { Level = Level, Detail = Detail };
        }

        var message = $"{cannot} '{what}': {Message}{(wayOut is null ? "" : $"; {wayOut}")}";
        return new LibvirtException(message, Code, Domain, Message, cause) { Level = Level, Detail = Detail, Int1 = Int1, Int2 = Int2 };
    }
}
