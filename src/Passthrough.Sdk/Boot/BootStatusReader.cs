using System.Collections.Immutable;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Loaders;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot;

/// <summary>Reads <see cref="BootStatus"/> from a host's files. Nothing is executed, and nothing throws.</summary>
internal static class BootStatusReader
{
    // A parameter that nobody has: planning to add it tells which files and commands any change would take.
    private static readonly BootParameter Probe = BootParameter.Parse("passthrough_probe");

    public static BootStatus Read(BootFiles files)
    {
        var detector = new BootLoaderDetector(files);
        if (detector.Detect() is not { } loader)
        {
            return new BootStatus
            {
                Evidence = [.. detector.Evidence],
                Configured = Fact.Unknown<string>("", detector.Evidence.Count == 0 ? "no boot loader was recognised" : "it is not certain which boot loader is in charge"),
            };
        }

        var status = new BootStatus
        {
            Loader = loader.Kind,
            Evidence = [.. detector.Evidence],
            Configured = loader.Configured(files),
            Generated = loader.Generated(files),
            Key = loader.Key(files),
            Elsewhere = [.. StrayParameters.Find(files, loader)],
        };
        if (status.Configured.IsKnown)
            status = status with { Places = [.. loader.Places(files)] };
        return WithPlan(status, files, loader);
    }

    private static BootStatus WithPlan(BootStatus status, BootFiles files, BootLoader loader)
    {
        var plan = new BootPlanBuilder(files);
        try
        {
            loader.Plan(plan, new BootChange { Add = [Probe] });
        }
        catch (BootException problem)
        {
            return status with { Obstacle = problem.Message };
        }

        return status with
        {
            Files = [.. plan.Files.Select(file => file.Path)],
            // A command that carries the parameter makes the change itself: rpm-ostree kargs, grubby.
            Commands = [.. plan.Commands.Where(command => !command.Arguments.Any(a => a.Contains(Probe.Text, StringComparison.Ordinal)))],
        };
    }
}
