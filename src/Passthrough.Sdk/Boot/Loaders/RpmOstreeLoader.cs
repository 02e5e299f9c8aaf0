using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Host;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>rpm-ostree: every deployment has its own entry, and only rpm-ostree writes it. A change makes a new deployment.</summary>
internal sealed class RpmOstreeLoader : BootLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.RpmOstree;

    public override Fact<string> Configured(BootFiles host) => LoaderEntries.Find(host) is [var newest, ..]
        ? Try(newest, () => LoaderEntries.Options(host, newest))
        : Fact.Unknown<string>("/boot/loader/entries", "no readable entry");

    public override void Plan(BootPlanBuilder plan, BootChange change)
    {
        string[] before = [.. CommandLineText.Split(Configured(plan.Host).Value ?? "").Select(t => t.Parameter.Text)];
        string[] after = [.. CommandLineText.Split(CommandLineEdit.Apply(Configured(plan.Host).Value ?? "", change)).Select(t => t.Parameter.Text)];
        string[] gone = [.. before.Except(after, StringComparer.Ordinal)];
        string[] added = [.. after.Except(before, StringComparer.Ordinal)];
        if (!Configured(plan.Host).IsKnown)
            gone = [.. change.Remove];
        if (gone.Length + added.Length > 0)
            plan.Follow(Arguments(gone, added), Arguments(added, gone));
    }

    private static BootCommand Arguments(string[] gone, string[] added) => new(
        "rpm-ostree",
        ["kargs", .. gone.Select(p => $"--delete-if-present={p}"), .. added.Select(p => $"--append-if-missing={p}")],
        "rpm-ostree writes the entry of a new deployment");
}
