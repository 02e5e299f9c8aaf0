using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Passthrough.Sdk.Extensions;

var builder = Host.CreateApplicationBuilder(args);
builder.Services
    .AddPassthrough(options => options.StateFile = builder.Configuration["Passthrough:StateFile"]) // not configured: no desired state
    .AddLibvirtConnection("local", "qemu:///system");
builder.Services.AddHostedService<DriftReporter>();
await builder.Build().RunAsync();
