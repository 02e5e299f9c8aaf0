namespace Passthrough.Sdk.Facts;

/// <summary>The error numbers of Linux that mean something to this library, and the words for them.</summary>
internal static class Errno
{
    public const int Success = 0;
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int Interrupted = 4;
    public const int IoError = 5;
    public const int NoDeviceOrAddress = 6;
    public const int Again = 11;
    public const int NoMemory = 12;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int NoDevice = 19;
    public const int NotDirectory = 20;
    public const int Exists = 17;
    public const int IsDirectory = 21;
    public const int Invalid = 22;
    public const int NotTty = 25;
    public const int TooLarge = 27;
    public const int NoSpace = 28;
    public const int ReadOnly = 30;
    public const int OutOfRange = 34;
    public const int NotImplemented = 38;
    public const int TooManyLinks = 40;
    public const int NoData = 61;
    public const int TooManyUsers = 87;
    public const int ProtocolNotSupported = 93;
    public const int NotSupported = 95;
    public const int NoBuffers = 105;
    public const int TimedOut = 110;
    public const int Canceled = 125;
    public const int QuotaExceeded = 122;

    /// <summary>Whether the thing is not there (it never was, or it vanished between two looks).</summary>
    public static bool IsAbsent(int errno) => errno is NotFound or NoDevice or NoDeviceOrAddress or NotDirectory;

    /// <summary>Whether somebody with more rights could do it.</summary>
    public static bool IsPermission(int errno) => errno is NotPermitted or AccessDenied;

    /// <summary>The error in a few words, the same in every locale.</summary>
    public static string Describe(int errno) => errno switch
    {
        Success => "no error",
        NotPermitted => "operation not permitted",
        NotFound => "no such file",
        Interrupted => "interrupted",
        IoError => "input/output error",
        NoDeviceOrAddress => "no such device or address",
        Again => "try again",
        NoMemory => "out of memory",
        AccessDenied => "permission denied",
        Busy => "device or resource busy",
        NoDevice => "no such device",
        NotDirectory => "not a directory",
        Exists => "file exists",
        IsDirectory => "is a directory",
        Invalid => "invalid argument",
        TooLarge => "too large",
        NoSpace => "no space left",
        ReadOnly => "read-only file system",
        OutOfRange => "out of range",
        NotImplemented => "not implemented by this kernel",
        TooManyLinks => "too many symbolic links",
        NoData => "no data available",
        TooManyUsers => "too many users",
        NotSupported => "not supported by the file system",
        QuotaExceeded => "disk quota exceeded",
        NoBuffers => "no buffer space",
        TimedOut => "timed out",
        Canceled => "cancelled",
        _ => $"error {errno}",
    };
}
