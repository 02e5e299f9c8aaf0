using System.CommandLine;
using System.Text;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Starts;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough hook</c>: lets libvirt ask the guards before each start of a domain.</summary>
internal static class HookVerb
{
    private const int MostXml = 16 * 1024 * 1024;

    // libvirt waits for the hook without a limit of its own.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Command Create() => new("hook", "Let libvirt ask the guards before each start of a domain, whoever starts it")
    {
        CreateInstall(),
        CreateStatus(),
        CreateRemove(),
        CreateRun(),
    };

    /// <summary>Returns the command with which the hook calls this program.</summary>
    public static IEnumerable<string> OwnCommand() => [.. OwnProgram(), "hook", "run", "--"];

    private static Command CreateInstall()
    {
        var allow = new Option<bool>("--allow-on-failure") { Description = "Start domains unchecked if the program is missing or fails; without it, those with devices of the host do not start then" };
        return PlanCommand.Create("install", "Install the hook beside the hooks of libvirt that are there", [], [allow], (parsed, options) =>
            PassthroughHost.Local().PlanStartHook(new() { Command = [.. OwnCommand()], AllowsOnFailure = parsed.GetValue(allow) }, options));
    }

    private static Command CreateRemove() =>
        PlanCommand.Create("remove", "Remove the hook", [], [], (_, options) => PassthroughHost.Local().PlanStartHookRemoval(options));

    private static Command CreateStatus()
    {
        var (root, json) = (SharedOptions.Root(), SharedOptions.Json());
        var command = new Command("status", "Print whether libvirt calls the hook; exit code 1 if it does not") { root, json };
        command.SetAction(parsed => Status(parsed.GetRequiredValue(root), parsed.GetValue(json)));
        return command;
    }

    private static Command CreateRun()
    {
        var domain = new Argument<string>("DOMAIN") { Description = "The name of the domain", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("run", "What the hook calls: the XML of a domain on standard input; exit code 1 if the domain must not start") { domain };
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static int Status(string root, bool json)
    {
        var status = PassthroughHost.At(root).ReadStartHook();
        if (json)
        {
            JsonOut.Write(writer => HookJson.Write(writer, status));
        }
        else
        {
            Console.WriteLine($"{HookJson.NameOf(status.State) ?? "unknown"}: {status.Reason}");
            Console.WriteLine($"{status.File}{(status.Options is { } options ? $": {ShellText(options)}{(options.AllowsOnFailure ? ", starts domains if it fails" : ", starts no domain with devices of the host if it fails")}" : "")}{(status.IsEdited ? ", edited" : "")}");
        }

        return status.State switch
        {
            StartHookState.InEffect => ExitCode.Yes,
            StartHookState.Unknown => ExitCode.Failed,
            _ => ExitCode.No,
        };
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        StartCheck check;
        try
        {
            check = await Task.Run(() => PassthroughHost.Local().CheckStart(ReadXml()), cancellationToken).WaitAsync(Limit, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new PassthroughException($"the guards did not answer in {Limit.TotalSeconds:0} s");
        }

        if (check.IsRefused)
        {
            Console.Error.WriteLine($"passthrough: {check.ToString().ReplaceLineEndings(" ")}");
            SystemLog.Warn(check.ToString());
            return ExitCode.No;
        }

        foreach (var accepted in check.Overruled)
        {
            SystemLog.Warn($"the domain {check.Domain} starts although {accepted.Title} [{accepted.Id}], which was accepted for it");
        }

        return ExitCode.Yes;
    }

    private static string ReadXml()
    {
        using var input = Console.OpenStandardInput();
        using var content = new MemoryStream();
        input.CopyTo(content);
        return content.Length > MostXml
            ? throw new PassthroughException("the XML of the domain is longer than 16 MiB")
            : Encoding.UTF8.GetString(content.GetBuffer(), 0, (int)content.Length);
    }

    private static string ShellText(StartHookOptions options) => string.Join(' ', options.Command);

    // "dotnet passthrough.dll" is two words, the program published ahead of time is one.
    private static IEnumerable<string> OwnProgram()
    {
        var program = Environment.ProcessPath ?? throw new PassthroughException("the path of this program is not known; run it by its absolute path");
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Path.GetFullPath(Environment.GetCommandLineArgs()[0])] : [program];
    }
}
