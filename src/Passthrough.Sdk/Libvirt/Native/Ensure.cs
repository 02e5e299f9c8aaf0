using System.Diagnostics.CodeAnalysis;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>C's ways to say "failed", each turned into a <see cref="LibvirtException"/>.</summary>
/// <remarks>
/// The error is the calling thread's and lasts until its next call into libvirt: the native call is the first argument,
/// and the others are values at hand. The second is the object that the call was made on: it tells whether its connection is lost.
/// </remarks>
internal static class Ensure
{
    /// <summary>Negative is failure.</summary>
    public static int Success(int result, VirHandle? on, string cannot, string what) =>
        result >= 0 ? result : throw NativeError.Capture(on).ToException(cannot, what);

    /// <summary>1 is true, 0 false, negative is failure.</summary>
    public static bool Answer(int result, VirHandle? on, string cannot, string what) => Success(result, on, cannot, what) > 0;

    /// <summary>Null is failure.</summary>
    public static string Text([NotNull] string? result, VirHandle on, string cannot, string what) =>
        result ?? throw NativeError.Capture(on).ToException(cannot, what);

    /// <summary>Null is "there is none" when there is no error or it says <paramref name="absent"/>, else failure.</summary>
    public static string? TextOrNull(string? result, VirHandle on, LibvirtErrorCode absent, string cannot, string what)
    {
        if (result is not null)
        {
            return result;
        }

        var error = NativeError.Capture(on);
        return error.Code == absent || error.Code == LibvirtErrorCode.Ok ? null : throw error.ToException(cannot, what);
    }

    /// <summary>A null pointer is failure.</summary>
    public static T Handle<T>(T result, VirHandle on, string cannot, string what)
        where T : VirHandle
    {
        if (!result.IsInvalid)
        {
            return result;
        }

        var error = NativeError.Capture(on);
        result.Dispose();
        throw error.ToException(cannot, what);
    }

    /// <summary>A null pointer is "there is none" when the error says <paramref name="absent"/>, else failure.</summary>
    public static T? HandleOrNull<T>(T result, VirHandle on, LibvirtErrorCode absent, string cannot, string what)
        where T : VirHandle
    {
        if (!result.IsInvalid)
        {
            return result;
        }

        var error = NativeError.Capture(on);
        result.Dispose();
        return error.Code == absent ? null : throw error.ToException(cannot, what);
    }
}
