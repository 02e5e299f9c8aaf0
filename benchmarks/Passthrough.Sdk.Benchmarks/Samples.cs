using System.Diagnostics;
using System.Globalization;

namespace Passthrough.Sdk.Benchmarks;

/// <summary>Times of one rival.</summary>
internal sealed class Samples
{
    private readonly List<(double Elapsed, double Processor)> _samples = [];

    public double Elapsed => Median(sample => sample.Elapsed);

    public double Processor => Median(sample => sample.Processor);

    public void Add((double Elapsed, double Processor) sample) => _samples.Add(sample);

    /// <summary>Adds what something takes in this process.</summary>
    public void Time(Action action)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        action();
        var elapsed = Stopwatch.GetElapsedTime(start);
        process.Refresh();
        Add((elapsed.TotalMicroseconds, (process.TotalProcessorTime - processor).TotalMicroseconds));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Elapsed,8:f0} us ({Processor,8:f0} us)");

    private double Median(Func<(double Elapsed, double Processor), double> of)
    {
        var values = _samples.Select(of).Order().ToList();
        return values[values.Count / 2];
    }
}
