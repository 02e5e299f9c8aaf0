using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host;

/// <summary>Reads what several files of a host share.</summary>
internal static class HostFiles
{
    /// <summary>A boolean module parameter or setting: Y, N, 1, 0.</summary>
    public static Fact<bool> ReadFlag(this ISysfs files, string path)
    {
        Fact<string> text = files.ReadText(path);
        return !text.IsKnown ? text.Select(_ => false) : text.Value switch
        {
            "Y" or "y" or "1" => Fact.Known(true, path),
            "N" or "n" or "0" => Fact.Known(false, path),
            var other => Fact.Unknown<bool>(path, $"'{other}' is neither yes nor no"),
        };
    }
}
