using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>A loader whose files are on the host and that may be the one that starts it.</summary>
internal sealed record LoaderCandidate(LoaderFamily Family, string Name, BootLoader Loader)
{
    private static readonly BootParameter Probe = BootParameter.Parse("PARAMETER");

    /// <summary>The loader with the file to edit and the command to run, for an operator who changes it by hand.</summary>
    public string Describe(BootFiles host)
    {
        var plan = new BootDraftBuilder(host);
        try
        {
            Loader.Plan(plan, new BootChange { Add = [Probe] });
        }
        catch (PassthroughException problem)
        {
            return $"{Name} ({problem.Message.TrimEnd('.')})";
        }

        string[] parts =
        [
            .. plan.Files.Select((file, i) => i == 0 && Loader.Key(host) is { } key ? $"{key} in {file.Path}" : file.Path),
            .. plan.Commands.Select(command => $"then {command}"),
        ];
        return $"{Name} ({string.Join(", ", parts)})";
    }
}
