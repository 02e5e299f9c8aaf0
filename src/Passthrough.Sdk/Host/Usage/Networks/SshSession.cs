using System.Net;
using Passthrough.Sdk.Sysfs;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>Finds the SSH connection that this process was started from, also where sudo took the variable away.</summary>
internal static class SshSession
{
    private const string Variable = "SSH_CONNECTION=";
    private const string Parent = "PPid:";
    private const int MostParents = 64;

    /// <summary>The host's end: the third word of <c>SSH_CONNECTION</c> of this process or of the nearest one above it; null for none.</summary>
    public static IPAddress? LocalAddress(ISysfs files)
    {
        // By numbers only: what processes have in their environment is never in a captured host.
        var process = files.ReadLink("/proc/self").Value;
        for (var i = 0; i < MostParents && !string.IsNullOrEmpty(process) && process != "0"; i++)
        {
            var variable = (files.ReadText($"/proc/{process}/environ").Value ?? "").Split('\0').FirstOrDefault(v => v.StartsWith(Variable, StringComparison.Ordinal));
            if (variable is not null)
            {
                return Parse(variable[Variable.Length..]);
            }

            process = (files.ReadText($"/proc/{process}/status").Value ?? "").Split('\n')
                .FirstOrDefault(line => line.StartsWith(Parent, StringComparison.Ordinal))?[Parent.Length..].Trim();
        }

        return null;
    }

    /// <summary><c>192.0.2.1 51000 192.0.2.7 22</c>; an IPv6 address of the link has its interface behind a percent sign.</summary>
    internal static IPAddress? Parse(string value)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length >= 3 && IPAddress.TryParse(words[2].Split('%')[0], out var address)
            ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address
            : null;
    }
}
