using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>rpm-ostree: every deployment has its own entry, and only rpm-ostree writes it. A change makes a new deployment.</summary>
internal sealed class RpmOstreeLoader : BootLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.RpmOstree;

    public override Fact<string> Configured(BootFiles host) => LoaderEntries.Find(host) is [var newest, ..]
        ? Try(newest, () => LoaderEntries.Options(host, newest))
        : Fact.Unknown<string>("/boot/loader/entries", "no readable entry");

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        var configured = Configured(plan.Host);
        if (!configured.IsKnown)
        {
            // Whether a parameter stands there already is not known, so that no command is known to take it out again.
            plan.FollowForward(Arguments([.. change.Remove], [.. change.Add.Select(p => p.Text)]));
            plan.Because($"The entries cannot be read here ({configured.Reason ?? "they do not exist"}): to undo the change, run rpm-ostree rollback.");
            return;
        }

        string[] before = [.. CommandLineText.Split(configured.Value!).Select(t => t.Parameter.Text)];
        string[] after = [.. CommandLineText.Split(CommandLineEdit.Apply(configured.Value!, change)).Select(t => t.Parameter.Text)];
        string[] gone = [.. before.Except(after, StringComparer.Ordinal)];
        string[] added = [.. after.Except(before, StringComparer.Ordinal)];
        if (gone.Length + added.Length > 0)
        {
            plan.Follow(Arguments(gone, added), Arguments(added, gone));
        }
        else if (!before.SequenceEqual(after, StringComparer.Ordinal))
        {
            throw new BootException($"{string.Join(' ', change.Add)}: the same parameter occurs earlier on the command line, and rpm-ostree adds only missing parameters - run rpm-ostree kargs --editor.");
        }
    }

    private static BootCommand Arguments(string[] gone, string[] added) => new(
        "rpm-ostree",
        ["kargs", .. gone.Select(p => $"--delete-if-present={p}"), .. added.Select(p => $"--append-if-missing={p}")],
        "rpm-ostree writes the entry of a new deployment");
}
