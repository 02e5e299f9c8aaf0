using System.CommandLine;
using Passthrough.Cli;
using Passthrough.Cli.Verbs;

// One verb a file, in Verbs/.
var root = new RootCommand("Gives physical PCI devices to virtual machines, and tells why when it cannot.")
{
    ListVerb.Create(),
    ShowVerb.Create(),
    CaptureVerb.Create(),
    GroupsVerb.Create(),
    DoctorVerb.Create(),
    ExplainVerb.Create(),
    PlanVerb.Create(),
    ApplyVerbs.CreateAssign(),
    ApplyVerbs.CreateRelease(),
    RecoverVerb.Create(),
    VirtualFunctionsVerb.Create(),
    WatchVerb.Create(),
    BootVerb.Create(),
    HostdevVerb.Create(),
    RewriteVerb.Create(),
};

// "@name" is a word like any other, not a file of further words.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return Failure.Usage(parsed);
}

try
{
    // What is interrupted is taken back, or ended in order; the default, two seconds, would cut that off.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2) })
        .ConfigureAwait(false);
}
#pragma warning disable CA1031 // The last resort: whatever went wrong becomes one line and an exit code.
catch (Exception e)
#pragma warning restore CA1031
{
    return Failure.Report(e);
}
