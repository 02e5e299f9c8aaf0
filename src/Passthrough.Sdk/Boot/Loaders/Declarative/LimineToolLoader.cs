using System.Text;
using Passthrough.Sdk.Boot.Files;
using Passthrough.Sdk.Boot.Text;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Boot.Loaders;

/// <summary>Limine with limine-entry-tool (CachyOS, Omarchy): limine.conf and unified images are generated from its settings.</summary>
internal sealed class LimineToolLoader : BootLoader
{
    public override BootLoaderKind Kind => BootLoaderKind.Limine;

    public static LimineToolLoader? Find(BootFiles host) => LimineSettings.Files(host).Length > 0 ? new LimineToolLoader() : null;

    public override Fact<string> Configured(BootFiles host) => Try(LimineSettings.Main, () =>
    {
        var parts = LimineSettings.Of(LimineSettings.Default, Settings(host, host.TryRead));
        Check(parts);
        return parts.Length == 0 ? throw NoLine() : string.Join(' ', parts.Select(p => p.Value!.Trim()).Where(v => v.Length > 0));
    });

    public override Fact<string> Generated(BootFiles host) => LimineLoader.Paths(host) is [var menu, ..]
        ? Try(menu, () => LimineMenu.Parse(menu, LimineLoader.Text(host.Read(menu))).FirstOrDefault(o => o.IsKernelLine && !o.IsWayBack)?.Value)
        : Fact.Absent<string>("/boot/limine.conf");

    public override string Key(BootFiles host) => $"KERNEL_CMDLINE[{LimineSettings.Default}]";

    public override IEnumerable<BootParameterPlace> Places(BootFiles host) =>
        from part in LimineSettings.Of(LimineSettings.Default, Settings(host, host.TryRead))
        from token in CommandLineText.Split(part.Value ?? "")
        select new BootParameterPlace(token.Parameter, part.Path, Key(host));

    public override void Plan(BootDraftBuilder plan, BootChange change)
    {
        if (change.Add.FirstOrDefault(p => p.Text.AsSpan().ContainsAny(LimineSettings.Meaningful)) is { } parameter)
        {
            throw new BootException($"{parameter}: a quote, a dollar sign, a backslash, a semicolon or # has a special meaning in limine-entry-tool's settings, so the kernel may get another text - add it to {LimineSettings.Main} by hand.");
        }

        var settings = Settings(plan.Host, plan.Read);
        var names = settings.Where(a => !a.Adds).Select(a => a.Name).Where(name => name != "fallback").Append(LimineSettings.Default).Distinct(StringComparer.Ordinal).ToArray();
        if (LimineSettings.Of(LimineSettings.Default, settings).Length == 0)
        {
            throw NoLine();
        }

        // Each name is a command line of its own; what only adds to another one's is edited where something has to go.
        foreach (var name in names)
        {
            Edit(plan, name, change);
        }

        foreach (var name in settings.Select(a => a.Name).Except(names, StringComparer.Ordinal).Where(name => name != "fallback"))
        {
            Edit(plan, name, change with { Add = [] });
        }

        if (plan.HasEdits || (Generated(plan.Host) is { IsKnown: true, Value: { } line } && !CommandLineEdit.Compute([line], change).IsEmpty))
        {
            plan.Follow(Regenerate(plan.Host));
        }
    }

    private static void Edit(BootDraftBuilder plan, string name, BootChange change)
    {
        var parts = LimineSettings.Of(name, Settings(plan.Host, plan.Read));
        Check(parts);
        var edit = CommandLineEdit.Compute([.. parts.Select(p => p.Value!)], change);
        string[] values = [.. parts.Select((part, i) => TextEdit.Apply(part.Value!, edit.Edits[i]))];
        foreach (var parameter in edit.Missing)
        {
            values[^1] = CommandLineEdit.Append(values[^1], parameter.Text);
        }

        if (parts.Index().FirstOrDefault(p => p.Item.IsVendors && p.Item.Value != values[p.Index]) is { Item: { } vendors })
        {
            throw new BootException($"{vendors.Path}: the file belongs to a package, and an update overwrites edits - write KERNEL_CMDLINE[{name}]=\"...\" with the whole line into {LimineSettings.Main}, and run {Regenerate(plan.Host)}.");
        }

        foreach (var file in parts.Index().GroupBy(p => p.Item.Path, StringComparer.Ordinal))
        {
            plan.WriteText(file.Key, TextEdit.Apply(plan.ReadText(file.Key)!, file.Select(p => Written(p.Item, values[p.Index]))));
        }
    }

    private static TextEdit Written(LimineSettings.Assignment part, string value)
    {
        // A value without quotes is one word, or what the tool makes of it: more than one word is quoted.
        var bare = !part.Text.AsSpan().TrimEnd().EndsWith("\"") && !part.Text.AsSpan().TrimEnd().EndsWith("'") && !part.Text.Contains('#', StringComparison.Ordinal);
        return new TextEdit(part.Start, part.Value!.Length, bare && value != part.Value && value.Contains(' ', StringComparison.Ordinal) ? $"\"{value}\"" : value);
    }

    private static void Check(IEnumerable<LimineSettings.Assignment> parts)
    {
        if (parts.FirstOrDefault(p => p.Value is null) is { } odd)
        {
            throw new BootUncertainException(odd.Path, odd.Line, odd.Text, "it is not a plain value in one pair of quotes");
        }
    }

    private static List<LimineSettings.Assignment> Settings(BootFiles host, Func<string, byte[]?> read) =>
        LimineSettings.Read(LimineSettings.Files(host), path => read(path) is { } content ? Encoding.Latin1.GetString(content) : null);

    private static BootException NoLine() => new(
        $"No file of limine-entry-tool has KERNEL_CMDLINE[default], so the tool takes the command line from another place - write KERNEL_CMDLINE[default]=\"...\" with the whole line into {LimineSettings.Main}, and run limine-mkinitcpio or limine-update.");

    private static BootCommand Regenerate(BootFiles host)
    {
        var program = host.HasProgram("limine-mkinitcpio") ? "limine-mkinitcpio"
            : host.HasProgram("limine-update") || host.HasProgram("dracut") || !OsRelease.Read(host).Is("arch") ? "limine-update"
            : "limine-mkinitcpio";
        return new BootCommand(program, [], "limine.conf and the boot images are generated from the settings");
    }
}
