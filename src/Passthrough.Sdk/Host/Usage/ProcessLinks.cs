using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage;

/// <summary>Reads the links of processes, which may end at any moment.</summary>
internal static class ProcessLinks
{
    // A process that ends has no memory any more, and then even root is refused for the moment until it is gone or a zombie.
    private const int Tries = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Reads a link; absent if the process has ended meanwhile.</summary>
    /// <param name="files">The host.</param>
    /// <param name="process">The process, <c>7</c>, or one of its threads, <c>7/task/9</c>.</param>
    /// <param name="name">The link, <c>ns/net</c>.</param>
    public static Fact<string> Read(ISysfs files, string process, string name)
    {
        var path = $"/proc/{process}/{name}";
        var link = files.ReadLink(path);
        for (var i = 0; link.IsUnknown && i < Tries && IsEnding(files, process, out var hasEnded); i++)
        {
            if (hasEnded)
            {
                return Fact.Absent<string>(path);
            }

            Thread.Sleep(Pause);
            link = files.ReadLink(path);
        }

        return link;
    }

    // The flags are the ninth word; a name may have blanks and parentheses, and ends at the last one. PF_EXITING of linux/sched.h.
    private static bool IsEnding(ISysfs files, string process, out bool hasEnded)
    {
        const uint Exiting = 0x4;
        hasEnded = !files.ReadStatus($"/proc/{process}").IsKnown;
        if (hasEnded || files.ReadText($"/proc/{process}/stat").Value is not { } content)
        {
            return hasEnded;
        }

        var words = content[(content.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        hasEnded = words is ["Z" or "X" or "x", ..];
        return hasEnded || (words.Length > 6 && uint.TryParse(words[6], out var flags) && (flags & Exiting) != 0);
    }
}
