using System.CommandLine;
using Passthrough.Cli.Json;
using Passthrough.Sdk;
using Passthrough.Sdk.Host.Changes;
using Passthrough.Sdk.Libvirt;
using Passthrough.Sdk.Pci;

namespace Passthrough.Cli.Verbs;

/// <summary><c>passthrough watch</c>: prints the events of devices and domains, one line each, until it is interrupted.</summary>
internal static class WatchVerb
{
    public static Command Create()
    {
        var (connect, json) = (SharedOptions.Connect("Also print the events of the domains there, and for a remote host those of its devices"), SharedOptions.Json());
        var command = new Command("watch", "Print device and domain events, one line each, until interrupted") { connect, json };
        command.SetAction((parsed, _) => Interruption.WatchAsync(cancellationToken =>
            RunAsync(parsed.GetValue(connect), new EventOut(parsed.GetValue(json)), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string? connect, EventOut output, CancellationToken cancellationToken)
    {
        using var libvirt = connect is null
            ? null
            : await LibvirtSession.WaitAsync(connect, () => LibvirtConnection.Open(connect, new LibvirtConnectionOptions { ReadOnly = true }), cancellationToken).ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var domains = libvirt?.SubscribeDomainEvents();
        using var devices = connect is not null && IsRemote(connect) ? libvirt!.SubscribeNodeDeviceEvents() : null;
        List<Task> watches = [devices is null ? TellHostAsync(output, ending.Token) : TellNodeDevicesAsync(devices, output, ending.Token)];
        if (domains is not null)
        {
            watches.Add(TellDomainsAsync(domains, output, ending.Token));
        }

        try
        {
            // None of them ends by itself: the first one that ends has failed, or was interrupted with the others.
            await (await Task.WhenAny(watches).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.Yes;
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(watches).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return ExitCode.Yes;
    }

    // The kernel of this machine does not report the devices of another host; the libvirt there does.
    private static bool IsRemote(string uri) => Uri.TryCreate(uri, UriKind.Absolute, out var parsed) && parsed.Host.Length > 0;

    private static async Task TellHostAsync(EventOut output, CancellationToken cancellationToken)
    {
        await foreach (var change in PassthroughHost.Local().WatchAsync(cancellationToken: cancellationToken).ConfigureAwait(false))
        {
            var isOfDevice = change.Device is not null;
            output.Write(isOfDevice ? "device" : "watch", change.Kind.ToString(), change.Device, driver: change.Driver);
        }
    }

    private static async Task TellNodeDevicesAsync(
        LibvirtSubscription<LibvirtNodeDeviceEvent> events, EventOut output, CancellationToken cancellationToken)
    {
        output.Write("watch", nameof(HostChangeKind.Started));
        await foreach (var happened in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (PciAddress.TryParseNodeDeviceName(happened.Name, out var device))
            {
                output.Write("device", happened.Change switch { NodeDeviceChange.Created => "Added", NodeDeviceChange.Deleted => "Removed", _ => "Changed" }, device);
            }
        }
    }

    private static async Task TellDomainsAsync(
        LibvirtSubscription<LibvirtDomainEvent> events, EventOut output, CancellationToken cancellationToken)
    {
        await foreach (var happened in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            switch (happened)
            {
                case LibvirtDomainLifecycleEvent lifecycle:
                    output.Write("domain", lifecycle.Change.ToString(), domain: lifecycle.DomainName);
                    break;
                case LibvirtDeviceEvent device:
                    output.Write("domain", $"Device{device.Change}", domain: device.DomainName, alias: device.Alias);
                    break;
            }
        }
    }
}
