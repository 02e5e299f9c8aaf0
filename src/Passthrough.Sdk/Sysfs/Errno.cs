namespace Passthrough.Sdk.Sysfs;

/// <summary>The error numbers of Linux that mean something to this library, and the words for them.</summary>
internal static class Errno
{
    public const int Success = 0;
    public const int NotPermitted = 1;
    public const int NotFound = 2;
    public const int IoError = 5;
    public const int AccessDenied = 13;
    public const int Busy = 16;
    public const int NoDevice = 19;
    public const int NotDirectory = 20;
    public const int Invalid = 22;

    /// <summary>Whether the thing is not there (it never was, or it vanished between two looks).</summary>
    public static bool IsAbsent(int errno) => errno is NotFound or NoDevice or NotDirectory;

    /// <summary>Whether somebody with more rights could do it.</summary>
    public static bool IsPermission(int errno) => errno is NotPermitted or AccessDenied;

    /// <summary>The error in a few words, the same in every locale.</summary>
    public static string Describe(int errno) => errno switch
    {
        Success => "no error",
        NotPermitted => "operation not permitted",
        NotFound => "no such file",
        IoError => "input/output error",
        AccessDenied => "permission denied",
        Busy => "device or resource busy",
        NoDevice => "no such device",
        NotDirectory => "not a directory",
        Invalid => "invalid argument",
        _ => $"error {errno}",
    };
}
