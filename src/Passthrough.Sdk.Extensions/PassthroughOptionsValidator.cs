using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Passthrough.Sdk.Extensions;

/// <summary>Checks the options when the program starts: each message names the option, the reason and what to do.</summary>
internal sealed class PassthroughOptionsValidator : IValidateOptions<PassthroughOptions>
{
    public ValidateOptionsResult Validate(string? name, PassthroughOptions options)
    {
        List<string> problems =
        [
            .. OfSource(options),
            .. OfTimes(options),
            .. OfState(options),
            .. OfHealth(options),
        ];
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> OfSource(PassthroughOptions options)
    {
        if (options.Root is null && !OperatingSystem.IsLinux())
        {
            yield return Say(nameof(options.Root), "is not set, and this machine does not run Linux; set it to an archive of a captured host, or run the program on the host");
        }

        if (options.Root is { } root && !Path.Exists(root))
        {
            yield return Say(nameof(options.Root), $"is '{root}', which does not exist; give a directory with the files of a host, an archive or an lspci dump, or leave it null for this machine");
        }

        if (!Path.IsPathRooted(options.JournalDirectory))
        {
            yield return Say(nameof(options.JournalDirectory), $"is '{options.JournalDirectory}', which is not an absolute path; all programs that apply plans must find the same directory, so give the whole path");
        }

        if (options.Capture is null)
        {
            yield return Say(nameof(options.Capture), "is null; use CaptureOptions.Default");
        }
        else if (!options.Capture.System)
        {
            yield return Say(nameof(options.Capture), "does not include the system, without which readiness cannot be determined; set CaptureOptions.System to true");
        }
    }

    private static IEnumerable<string> OfTimes(PassthroughOptions options)
    {
        if (options.SnapshotLifetime <= TimeSpan.Zero)
        {
            yield return Say(nameof(options.SnapshotLifetime), $"is {Text(options.SnapshotLifetime)}, which is not a time; give a positive one, such as one minute");
        }

        if (options.CheckInterval <= TimeSpan.Zero)
        {
            yield return Say(nameof(options.CheckInterval), $"is {Text(options.CheckInterval)}, which is not a time; give a positive one, such as 30 seconds");
        }
        else if (options.WatchesHost && options.SnapshotLifetime > TimeSpan.Zero && options.CheckInterval >= options.SnapshotLifetime)
        {
            yield return Say(
                nameof(options.CheckInterval),
                $"is {Text(options.CheckInterval)}, not shorter than {nameof(options.SnapshotLifetime)} ({Text(options.SnapshotLifetime)}), so that health probes would wait for captures; make it shorter, or set {nameof(options.WatchesHost)} to false");
        }
    }

    private static IEnumerable<string> OfState(PassthroughOptions options)
    {
        if (options.State is not null && options.StateFile is not null)
        {
            yield return Say(nameof(options.StateFile), $"is set together with {nameof(options.State)}; set one of them");
        }

        if (options.StateFile is { } file && ProblemOf(() => HostStateFile.Read(file)) is { } unreadable)
        {
            yield return Say(nameof(options.StateFile), $"is '{file}', which cannot be used: {unreadable}; correct the file (docs/desired-state.md), or leave the option null");
        }

        // To write a state is to check it.
        if (options.State is { } state && ProblemOf(() => state.ToJson()) is { } invalid)
        {
            yield return Say(nameof(options.State), $"cannot be used: {invalid}; correct it, or leave it null");
        }
    }

    private static IEnumerable<string> OfHealth(PassthroughOptions options)
    {
        foreach (var (option, status) in new[] { (nameof(options.WarningStatus), options.WarningStatus), (nameof(options.DriftStatus), options.DriftStatus) })
        {
            if (!Enum.IsDefined(status))
            {
                yield return Say(option, $"is {status}, which is not a health; use {nameof(HealthStatus.Healthy)}, {nameof(HealthStatus.Degraded)} or {nameof(HealthStatus.Unhealthy)}");
            }
        }

        if (options.EventCapacity < 1)
        {
            yield return Say(nameof(options.EventCapacity), string.Create(CultureInfo.InvariantCulture, $"is {options.EventCapacity}, so that no event could reach a subscriber; give at least 1"));
        }
    }

    private static string? ProblemOf(Func<object> read)
    {
        try
        {
            read();
            return null;
        }
        catch (Exception e) when (HostStateFile.IsOfFile(e))
        {
            return e.Message.TrimEnd('.');
        }
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    private static string Say(string option, string problem) => $"{nameof(PassthroughOptions)}.{option} {problem}.";
}
