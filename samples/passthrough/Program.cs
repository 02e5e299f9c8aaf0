using System.CommandLine;
using Passthrough.Cli;
using Passthrough.Cli.Verbs;

var root = new RootCommand("Gives physical PCI devices to virtual machines, and tells why when it cannot.")
{
    
};

var parsed = root.Parse(args);
if (parsed.Errors.Count > 0)
{
    return Failure.Usage(parsed.Errors[0].Message);
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false }).ConfigureAwait(false);
}
catch (Exception e)
{
    return Failure.Report(e);
}
