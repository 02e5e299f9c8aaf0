using Microsoft.Extensions.Hosting;
using Passthrough.Sdk.Extensions;

/// <summary>Prints the findings that appear on the host, and those that are gone.</summary>
internal sealed class DriftReporter(IPassthroughEvents events) : BackgroundService
{
    // Subscribed before any service starts, so that not even the first event is missed.
    private readonly PassthroughSubscription _subscription = events.Subscribe();

    public override void Dispose()
    {
        _subscription.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var happened in _subscription.WithCancellation(stoppingToken))
        {
            foreach (var finding in happened.Appeared)
            {
                Console.WriteLine($"{happened.Kind}: {finding.Title} - {finding.Remedy}");
            }

            foreach (var finding in happened.Resolved)
            {
                Console.WriteLine($"{happened.Kind}: no longer: {finding.Title}");
            }
        }
    }
}
