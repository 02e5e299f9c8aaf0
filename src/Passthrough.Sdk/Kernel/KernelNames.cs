using System.Buffers;

namespace Passthrough.Sdk.Kernel;

/// <summary>How the kernel compares the names of parameters and modules.</summary>
internal static class KernelNames
{
    /// <summary>What separates parameters: the kernel's isspace, within ASCII.</summary>
    public static readonly SearchValues<char> Blanks = SearchValues.Create(" \t\n\v\f\r");

    /// <summary>The name with underscores for dashes, as /proc/modules and /sys/module write it.</summary>
    public static string Canonical(string name) => name.Replace('-', '_');

    /// <summary>Whether both names mean the same parameter or module.</summary>
    public static bool Same(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        if (a.Length != b.Length)
        {
            return false;
        }

        for (var i = 0; i < a.Length; i++)
        {
            if (a[i] != b[i] && !(a[i] is '-' or '_' && b[i] is '-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
