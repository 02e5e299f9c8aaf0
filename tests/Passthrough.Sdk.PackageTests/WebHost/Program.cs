using Microsoft.Extensions.Diagnostics.HealthChecks;
using Passthrough.Sdk.Extensions;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.AddPassthrough(options =>
{
    options.Root = builder.Configuration["Passthrough:Root"]; // not configured: this machine
    options.CheckInterval = TimeSpan.FromSeconds(5);
});
builder.Services.AddHealthChecks().AddCheck<PassthroughHealthCheck>("passthrough");

var app = builder.Build();
app.MapHealthChecks("/healthz", new() { ResponseWriter = WriteAsync });
await app.RunAsync();

static async Task WriteAsync(HttpContext context, HealthReport report)
{
    await context.Response.WriteAsync($"{report.Status} in {report.TotalDuration.TotalMilliseconds} ms\n");
    foreach (var (name, value) in report.Entries.Values.SelectMany(entry => entry.Data))
    {
        await context.Response.WriteAsync($"{name}: {value}\n");
    }
}
