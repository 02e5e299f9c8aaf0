using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Sysfs;

/// <summary>Reads what several files of a host share.</summary>
internal static class SysfsFlags
{
    /// <summary>A boolean module parameter or setting: Y, N, 1, 0.</summary>
    public static Fact<bool> ReadFlag(this ISysfs files, string path)
    {
        var text = files.ReadText(path);
        return !text.IsKnown ? text.Select(_ => false) : text.Value switch
        {
            "Y" or "y" or "1" => Fact.Known(true, path),
            "N" or "n" or "0" => Fact.Known(false, path),
            var other => Fact.Unknown<bool>(path, $"'{other}' is neither yes nor no"),
        };
    }
}
