namespace Passthrough.Sdk.Sysfs;

/// <summary>The names of a path, one after the other; empty ones and <c>.</c> are none.</summary>
internal static class PathNames
{
    /// <summary>Takes the first name off a path.</summary>
    /// <param name="rest">The path; what is left of it.</param>
    /// <param name="name">The name.</param>
    /// <returns>False if no name is left.</returns>
    public static bool TryTake(ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> name)
    {
        while (rest.Length > 0)
        {
            var slash = rest.IndexOf('/');
            name = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? default : rest[(slash + 1)..];
            if (name.Length > 0 && name is not ".")
            {
                return true;
            }
        }

        name = default;
        return false;
    }

    /// <summary>The path that is left after a link on the way to the rest.</summary>
    public static ReadOnlySpan<char> Follow(string target, ReadOnlySpan<char> rest) => rest.IsEmpty ? target : string.Concat(target, "/", rest);

    /// <summary>Whether a path has no name.</summary>
    public static bool IsEmpty(ReadOnlySpan<char> rest) => !TryTake(ref rest, out _);
}
