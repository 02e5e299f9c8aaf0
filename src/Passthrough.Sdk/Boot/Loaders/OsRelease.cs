using Passthrough.Sdk.Boot.Files;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>The distribution: ID and ID_LIKE of os-release(5).</summary>
internal sealed record OsRelease(string Id, string[] Like)
{
    public static OsRelease Read(BootFiles host)
    {
        var text = host.TryText("/etc/os-release") ?? host.TryText("/usr/lib/os-release") ?? "";
        return new OsRelease(Value(text, "ID"), Value(text, "ID_LIKE").Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    public bool Is(params ReadOnlySpan<string> ids)
    {
        foreach (var id in ids)
        {
            if (Id == id || Id.StartsWith(id + "-", StringComparison.Ordinal) || Like.Contains(id))
            {
                return true;
            }
        }

        return false;
    }

    private static string Value(string text, string key)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith(key + "=", StringComparison.Ordinal))
            {
                return line[(key.Length + 1)..].Trim().Trim('"', '\'');
            }
        }

        return "";
    }
}
