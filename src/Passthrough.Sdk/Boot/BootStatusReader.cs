using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Loaders;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot;

/// <summary>Reads <see cref="BootStatus"/> from a host's files. Nothing is executed, and nothing throws.</summary>
internal static class BootStatusReader
{
    // A parameter that nobody has: planning to add it tells which files and commands any change would take.
    private static readonly BootParameter Probe = BootParameter.Parse("passthrough_probe");

    private static readonly BootParameter Remedy = BootParameter.Parse("intel_iommu=on");

    // What a remedy may have to remove: for these it is worth asking whether the plan would refuse.
    private static readonly string[] PassthroughWords = ["iommu", "intremap", "blacklist", "acs", "vfio", "pci", "xen", "lockdown", "kvm"];

    public static BootStatus Read(BootFiles files)
    {
        var detector = new BootLoaderDetector(files);
        if (detector.Detect() is not { } loader)
        {
            return new BootStatus
            {
                Evidence = [.. detector.Evidence],
                Configured = Fact.Unknown<string>("", detector.WhyNone ?? "no boot loader was recognised"),
                Obstacle = detector.WhyNone,
                RemovalObstacle = detector.WhyNone,
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
        {
            status = status with { Places = [.. loader.Places(files).Select(place => place with { Obstacle = WhyNotRemoved(files, loader, place.Parameter) })] };
        }

        return WithPlan(status, files, loader) with { RemovalObstacle = WhyNot(files, loader, new BootChange { Remove = [Probe.Text] }, out _) };
    }

    private static string? WhyNotRemoved(BootFiles files, BootLoader loader, BootParameter parameter) =>
        PassthroughWords.Any(word => parameter.Text.Contains(word, StringComparison.Ordinal))
            ? WhyNot(files, loader, new BootChange { Remove = [parameter.Text] }, out _)
            : null;

    private static string? WhyNot(BootFiles files, BootLoader loader, BootChange change, out BootDraftBuilder plan)
    {
        plan = new BootDraftBuilder(files);
        try
        {
            loader.Plan(plan, change);
            return null;
        }
        catch (PassthroughException problem)
        {
            return problem.Message;
        }
    }

    private static BootStatus WithPlan(BootStatus status, BootFiles files, BootLoader loader)
    {
        // What stands in a file may stand in the way of one parameter and not of another: remedies add this one.
        if ((WhyNot(files, loader, new BootChange { Add = [Remedy] }, out _) ?? WhyNot(files, loader, new BootChange { Add = [Probe] }, out _)) is { } obstacle)
        {
            return status with { Obstacle = obstacle };
        }

        _ = WhyNot(files, loader, new BootChange { Add = [Probe] }, out var plan);
        return status with
        {
            Files = [.. plan.Files.Select(file => file.Path)],
            // A command that carries the parameter makes the change itself: rpm-ostree kargs, grubby.
            Commands = [.. plan.Commands.Where(command => !command.Arguments.Any(a => a.Contains(Probe.Text, StringComparison.Ordinal)))],
        };
    }
}
