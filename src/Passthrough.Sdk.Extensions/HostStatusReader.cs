using Microsoft.Extensions.Options;
using Passthrough.Sdk.DesiredState;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Extensions;

/// <summary>Reads a status: one capture for the verdict, and the comparison with the desired state, which captures what it needs itself.</summary>
internal sealed class HostStatusReader(IPassthroughHost host, IOptions<PassthroughOptions> options)
{
    /// <summary>Reads the host now; blocks until it is read.</summary>
    public HostStatus Read()
    {
        var wanted = options.Value;
        var capture = wanted.Devices.IsEmpty ? wanted.Capture : wanted.Capture with { DetailsOf = [.. wanted.Capture.DetailsOf.Union(wanted.Devices)] };
        var snapshot = host.Capture(capture);
        var readiness = wanted.Devices.IsEmpty ? snapshot.CheckReadiness() : snapshot.CheckDevices(wanted.Devices);
        var (state, problem) = Compare(wanted);
        return new(snapshot, readiness) { State = state, StateProblem = problem };
    }

    // A state that cannot be read is no reason to keep the rest from whoever asks.
    private (StateReport? State, string? Problem) Compare(PassthroughOptions wanted)
    {
        try
        {
            var state = wanted.StateFile is { } file ? HostStateFile.Read(file) : wanted.State;
            return (state is null ? null : host.CheckState(state), null);
        }
        catch (Exception e) when (e is PassthroughException || HostStateFile.IsOfFile(e))
        {
            return (null, wanted.StateFile is { } file ? $"the desired state in '{file}' cannot be compared with the host: {e.Message}" : $"the desired state cannot be compared with the host: {e.Message}");
        }
    }
}
