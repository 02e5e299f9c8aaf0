using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Starts;

/// <summary>The text of the hook: a shell script that sorts out what takes no device, and calls the program for the rest.</summary>
/// <remarks>
/// Source: libvirt's docs/hooks.rst and src/util/virhook.c. The arguments are the domain's name, the operation, the sub-operation and one more;
/// the XML comes on standard input. The domain's name may be anything, such as "--help": a program must not read it as an option. What is printed on standard error becomes part of libvirt's error if the exit code is not 0. The XML is
/// libvirt's own, so the quotes and blanks are always the same. A domain without any of the words takes no device of the host, and no
/// program is started for it.
/// </remarks>
internal static class StartHookScript
{
    private const string Title = "#!/bin/sh\n# Written by Passthrough.Sdk. If you edit this file, it is no longer replaced or removed without your consent.\n";
    private const string Options = "# options: ";
    private const string Hash = "# sha256: ";

    /// <summary>Returns the script.</summary>
    /// <exception cref="ArgumentException">The command is not an absolute path with arguments that a shell can pass on.</exception>
    public static string Write(StartHookOptions options)
    {
        if (options.Command.IsEmpty || !options.Command[0].StartsWith('/') || options.Command.Any(word => word.Any(char.IsControl)))
        {
            throw new ArgumentException(
                $"'{string.Join(' ', options.Command)}' cannot be a hook: the first word must be the absolute path of a program, and no word may contain a control character", nameof(options));
        }

        var head = $"{Title}{Options}{JsonSerializer.Serialize(new() { Command = [.. options.Command], AllowsOnFailure = options.AllowsOnFailure }, StartHookJson.Default.StartHookDocument)}\n";
        var body = Body(options);
        return $"{head}{Hash}{HashOf(head, body)}\n{body}";
    }

    /// <summary>Returns the options of a script, and whether it is as it was written; null if it is not one of this library.</summary>
    public static (StartHookOptions Options, bool IsEdited)? Read(string text)
    {
        if (!text.StartsWith(Title + Options, StringComparison.Ordinal))
        {
            return null;
        }

        var end = text.IndexOf('\n', Title.Length) is >= 0 and var feed ? feed + 1 : text.Length;
        StartHookDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(text[(Title.Length + Options.Length)..end], StartHookJson.Default.StartHookDocument);
        }
        catch (JsonException)
        {
            return null;
        }

        var rest = text[end..];
        var isAsWritten = rest.StartsWith(Hash, StringComparison.Ordinal)
            && rest.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var line
            && rest[Hash.Length..line] == HashOf(text[..end], rest[(line + 1)..]);
        return document is null or { Command.IsDefaultOrEmpty: true }
            ? null
            : (new() { Command = [.. document.Command], AllowsOnFailure = document.AllowsOnFailure }, !isAsWritten);
    }

    private static string Body(StartHookOptions options)
    {
        var command = string.Join(' ', options.Command.Select(ShellArgument.Of));
        var (outcome, code) = options.AllowsOnFailure ? ("it starts unchecked", 0) : ("it is not started", 1);
        return $"""

            # Before a domain starts, and only then.
            [ "$2/$3" = prepare/begin ] || exit 0
            # An ordinary user's daemon cannot take a device from the host.
            [ "$(id -u)" = 0 ] || exit 0

            code=0
            xml=$(cat) || code=$?
            case $xml in
              *hostdev* | *vfio* | *nvme* | *commandline*) ;;
              *"</domain>"*) [ $code != 0 ] || exit 0 ;;
              *) code=74 ;;
            esac

            # 0: it may start; 1: it may not, and the reason was printed; anything else: nobody knows.
            program={ShellArgument.Of(options.Command[0])}
            if [ $code = 0 ]; then
              printf '%s\n' "$xml" | {command} "$1"
              code=$?
              case $code in 0 | 1) exit $code ;; esac
            fi
            message="passthrough: the guards could not be asked about the domain $1 ($program ended with exit code $code), so {outcome}"
            printf '%s\n' "$message" >&2
            logger -t passthrough -p daemon.err -- "$message" >/dev/null 2>&1 &
            exit {code}

            """;
    }

    private static string HashOf(string head, string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(head + body)));
}
