using System.CommandLine;
using Passthrough.Cli;
using Passthrough.Cli.Verbs;

LibvirtWarnings.Silence();

// One verb for each file, in Verbs/.
var root = new RootCommand("Assigns physical PCI devices to virtual machines, and explains why an assignment is not possible.")
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
    ApplyVerb.Create(),
    RecoverVerb.Create(),
    VirtualFunctionsVerb.Create(),
    DriverVerbs.CreateBind(),
    DriverVerbs.CreateUnbind(),
    DriverVerbs.CreateReset(),
    MediatedVerb.Create(),
    WatchVerb.Create(),
    BootVerb.Create(),
    PersistVerb.Create(),
    HookVerb.Create(),
    StateVerb.Create(),
    HostdevVerb.Create(),
    RewriteVerb.Create(),
};

Console.SetOut(new PlainWriter(Console.OpenStandardOutput));
Console.SetError(new PlainWriter(Console.OpenStandardError));

// "@name" is an ordinary word, not a file with more words.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    return Failure.Usage(parsed);
}

try
{
    // Verbs that must end in an orderly way handle signals themselves (Interruption); any other verb ends at once.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null })
        .ConfigureAwait(false);
}
#pragma warning disable CA1031 // The last resort: every error becomes one line and an exit code.
catch (Exception e)
#pragma warning restore CA1031
{
    return Failure.Report(e);
}
