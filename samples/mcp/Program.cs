using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Passthrough.Mcp;

var root = new Option<string>("--root")
{
    Description = "A directory with the files of a host, a captured archive, or the output of lspci -xxx[x]",
    HelpName = "DIR",
    DefaultValueFactory = _ => "/",
};
var connect = new Option<string?>("--connect")
{
    Description = "Also query libvirt at this URI, over a read-only connection; the tool 'plan' uses qemu:///system without it",
    HelpName = "URI",
};
var command = new RootCommand("Answers an assistant's questions about PCI passthrough on this host, over stdin and stdout (Model Context Protocol). It changes nothing.") { root, connect };
command.SetAction(async (parsed, cancellationToken) =>
{
    var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
    // stdout belongs to the protocol.
    builder.Logging.AddConsole(options => options.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
    builder.Services.AddPassthroughTools(HostAccess.At(parsed.GetRequiredValue(root), parsed.GetValue(connect))).WithStdioServerTransport();
    using var host = builder.Build();
    await host.RunAsync(cancellationToken).ConfigureAwait(false);
    return 0;
});
return await command.Parse(args).InvokeAsync().ConfigureAwait(false);
