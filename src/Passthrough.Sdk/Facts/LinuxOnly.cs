using System.Runtime.InteropServices;

namespace Passthrough.Sdk.Facts;

/// <summary>Says clearly that a member needs Linux, before a native library of Linux would fail to load.</summary>
internal static class LinuxOnly
{
    /// <summary>Requires that this program runs on Linux.</summary>
    /// <param name="member">The member that needs it.</param>
    /// <param name="wayOut">The instruction that says what works on other systems.</param>
    /// <exception cref="PlatformNotSupportedException">It runs on another system.</exception>
    public static void Require(string member, string wayOut) => Require(OperatingSystem.IsLinux(), member, wayOut);

    internal static void Require(bool isLinux, string member, string wayOut)
    {
        if (!isLinux)
        {
            throw new PlatformNotSupportedException($"{member} needs Linux, and this program runs on {RuntimeInformation.OSDescription}; {wayOut}");
        }
    }
}
