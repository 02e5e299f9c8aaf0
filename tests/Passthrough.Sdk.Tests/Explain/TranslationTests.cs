using System.Text;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Explain;
using Passthrough.Sdk.Explain.Translations;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Readiness;

namespace Passthrough.Sdk.Tests.Explain;

/// <summary>What libvirt prints in other languages means the same.</summary>
public sealed partial class TranslationTests : IDisposable
{
    private const string Locale = "/usr/share/locale";
    private readonly Passthrough.Sdk.Testing.FakeHost _host = Hosts.Healthy();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Without_a_catalogue_the_two_messages_are_recognised_in_all_languages_of_libvirt()
    {
        foreach (var (language, english, translation) in BuiltInTranslations.All)
        {
            var expected = Snapshot.Explain(english).Findings.Select(finding => finding.Id).ToList();
            Assert.All(
                (string[])[translation, $"{translation}: x", $"abc: {translation}", $"a\uff1ab\uff1a{translation}\uff1ax", translation.ToUpperInvariant(), $"2024-05-03 10:09:12.123+0000: 1: error : f:1 : {translation}"],
                text => Assert.True(expected.SequenceEqual(Snapshot.Explain(text).Findings.Select(finding => finding.Id)), $"{language}: {text}"));
            Assert.Contains(Snapshot.Explain(translation).Cause!.Evidence, evidence => evidence.Value == translation);
        }
    }

    /// <summary>Messages of libvirt with values: what virsh prints is the head of virsh, the kind of error and the message, each translated by itself.</summary>
    private static readonly (string Kind, string Message, string Tail)[] Messages =
    [
        ("unsupported configuration: %s", "host doesn't support passthrough of host PCI devices", ""),
        ("%s", "Unable to read from monitor", "Connection reset by peer"),
        ("Requested operation is not valid: %s", "PCI device %s is in use by driver %s, domain %s", ""),
        ("internal error: %s", "Non-endpoint PCI devices cannot be assigned to guests", ""),
        ("Requested operation is not valid: %s", "PCI device %s is not assignable", ""),
        ("internal error: %s", "Unable to reset PCI device %s: %s", ""),
        ("Domain not found: %s", "no domain with matching name '%s'", ""),
        ("Node device not found: %s", "no node device with matching name '%s'", ""),
        ("unsupported configuration: %s", "pci backend driver '%s' is not supported", ""),
        ("Requested operation is not valid: %s", "domain is not running", ""),
        ("internal error: %s", "Failed to load PCI driver module %s: administratively prohibited", ""),
        ("%s", "Failed to bind PCI device '%s' to %s", "No such device"),
        ("internal error: %s", "No more available PCI slots", ""),
        ("Timed out during operation: %s", "cannot acquire state change lock", ""),
        ("%s", "Failed to connect socket to '%s'", "Permission denied"),
        ("device not found: %s", "host pci device %.4x:%.2x:%.2x.%.1x not found", ""),
    ];

    [GeneratedRegex(@"%(?:(\d+)\$)?[-+ #0'I]*[0-9.*]*[hlLqjzt]*([a-zA-Z])")]
    private static partial Regex Conversion();

    [Fact]
    public void With_the_catalogues_of_the_host_every_translation_has_the_cause_of_the_English_message()
    {
        var catalogs = Installed();
        var tried = 0;
        var languages = 0;
        var wrong = new StringBuilder();
        foreach (var language in Directory.GetDirectories(Locale).Select(Path.GetFileName))
        {
            var libvirt = Pairs(Path.Combine(Locale, language!, "LC_MESSAGES/libvirt.mo"));
            var libc = Pairs(Path.Combine(Locale, language!, "LC_MESSAGES/libc.mo"));
            var forms = Messages.Where(message => libvirt.TryGetValue(message.Message, out var text) && text != message.Message)
                .Select(message => (English: Print(message, word => word, libc), Translated: Print(message, word => libvirt.GetValueOrDefault(word, word), libc))).ToList();
            if (forms.Count == 0)
            {
                continue;
            }

            // All forms of a language at once, with its own catalogues; the first of some languages with all catalogues that the host has.
            languages++;
            var translation = MessageTranslator.Translate(
                [.. forms.Select(form => ErrorLines.Of(form.Translated)[0])], catalogs.Where(catalog => catalog.Source.Contains($"/{language}/", StringComparison.Ordinal)));
            for (var i = 0; i < forms.Count; i++)
            {
                var expected = Snapshot.Explain(forms[i].English);
                Check(forms[i], expected, Snapshot.Explain(translation.Lines[i]));
                if (i == 0 && languages <= 2)
                {
                    Check(forms[i], expected, Snapshot.Explain(new PassthroughError { Text = forms[i].Translated }, new() { Catalogs = catalogs }));
                }

                tried++;
            }

            void Check((string English, string Translated) form, Explanation expected, Explanation actual)
            {
                if (!expected.IsRecognised || !expected.Findings.Select(finding => finding.Id).SequenceEqual(actual.Findings.Select(finding => finding.Id)))
                {
                    wrong.AppendLine($"{language}: '{form.Translated}' of '{form.English}': {expected.Cause?.Id} and {actual.Cause?.Id} ({actual.Message})");
                }
                else if (!expected.Devices.SequenceEqual(actual.Devices))
                {
                    wrong.AppendLine($"{language}: '{form.Translated}' names other devices");
                }
            }
        }

        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(tried >= 62 && languages >= 13, $"{tried} forms in {languages} languages");
    }

    // As virsh prints it: its own head, the kind of error and the message, each translated by itself, and the C library's reason.
    private static string Print((string Kind, string Message, string Tail) said, Func<string, string> word, Dictionary<string, string> libc)
    {
        var (kind, message, tail) = said;
        string[] values = message.Contains("domain %s", StringComparison.Ordinal) ? ["0000:01:00.0", "QEMU", "vm1"] : message.Contains("socket", StringComparison.Ordinal) ? ["/var/run/libvirt/libvirt-sock"]
            : message.Contains("name '%s'", StringComparison.Ordinal) ? ["pci_0000_09_00_0"] : message.Contains("module", StringComparison.Ordinal) ? ["vfio-pci"] : message.Contains("%.4x", StringComparison.Ordinal) ? ["0000", "01", "00", "0"]
            : ["0000:01:00.0", "vfio-pci"];
        var inner = Filled(word(message), values) + (tail.Length > 0 ? ": " + (libc.TryGetValue(tail, out var reason) && word(message) != message ? reason : tail) : "");
        return word("error: ") + (kind == "%s" ? inner : Filled(word(kind), [inner]));
    }

    [Fact]
    public void Our_table_has_what_the_catalogues_of_the_host_have()
    {
        _ = Installed();
        foreach (var language in Directory.GetDirectories(Locale))
        {
            var pairs = Pairs(Path.Combine(language, "LC_MESSAGES/libvirt.mo"));
            Assert.All(
                (string[])["host doesn't support passthrough of host PCI devices", "Unable to read from monitor"],
                english => Assert.True(!pairs.TryGetValue(english, out var translation) || translation == english || BuiltInTranslations.All.Any(row => row.Translation == translation), $"{language}: run eng/translations"));
        }
    }

    [Theory]
    [InlineData(false, "UTF-8")]
    [InlineData(true, "UTF-8")]
    [InlineData(false, "ISO-8859-1")]
    [InlineData(true, "ISO-8859-15")]
    public void A_catalogue_of_either_byte_order_and_of_another_charset_is_read(bool isBigEndian, string charset)
    {
        var explanation = Explain(
            "Fehler: Angeforderte Operation ungültig: PCI-Gerät 0000:01:00.0 gehört schon der Domäne nic (Treiber QEMU)",
            CatalogFile.Of(
                [
                    ("error: ", "Fehler: "), ("Requested operation is not valid: %1$s", "Angeforderte Operation ungültig: %1$s"),
                    ("PCI device %1$s is in use by driver %2$s, domain %3$s", "PCI-Gerät %1$s gehört schon der Domäne %3$s (Treiber %2$s)"),
                ],
                isBigEndian, charset));
        Assert.Equal(FindingIds.DeviceInUseByDomain, explanation.Cause!.Id);
        Assert.Contains("nic", explanation.Cause.Title, StringComparison.Ordinal);
        Assert.Equal("Requested operation is not valid: PCI device 0000:01:00.0 is in use by driver QEMU, domain nic", explanation.Message);
        Assert.Contains(explanation.Cause.Evidence, evidence => evidence.Source == "/usr/share/locale/xx/LC_MESSAGES/libvirt.mo");
    }

    [Theory]
    [InlineData("EUC-JP", "ドメインは動作していません")]
    [InlineData("GB18030", "域没有运行")]
    [InlineData("KOI8-R", "домен не запущен")]
    [InlineData("ISO-8859-2", "doména neběží")]
    public void Charsets_of_other_scripts_are_read(string charset, string translation) =>
        Assert.Equal(FindingIds.DomainWrongState, Explain(translation, CatalogFile.Of([("domain is not running", translation)], charset: charset)).Cause!.Id);

    [Theory]
    [InlineData("../../tmp/evil")]
    [InlineData("UTF-16//TRANSLIT")]
    [InlineData("ISO-2022-CN-EXT")]
    [InlineData("EUC-NOWHERE")]
    [InlineData("")]
    public void A_catalogue_in_a_charset_that_gettext_does_not_write_is_not_read(string charset)
    {
        Assert.Null(CharsetConverter.TryOpen(charset));
        Assert.NotNull(CharsetConverter.TryOpen("utf-8"));
    }

    [Fact]
    public void A_text_that_is_not_valid_in_its_charset_is_not_read_and_does_not_spoil_the_next()
    {
        using var converter = CharsetConverter.TryOpen("EUC-JP")!;
        Assert.True(converter.ToUtf8([0xff, 0xff]).IsEmpty);
        Assert.Equal("日", System.Text.Encoding.UTF8.GetString(converter.ToUtf8([0xc6, 0xfc])));
        Assert.True(converter.ToUtf8([]).IsEmpty);
    }

    [Fact]
    public void Forms_of_the_plural_and_contexts_are_read()
    {
        var catalog = CatalogFile.Of([("there are %d VFs already enabled here\0there are %d VFs already enabled there", "jest %d funkcja wlaczona\0sa %d funkcje wlaczone\0jest %d funkcji wlaczonych"), ("virsh\u0004domain is not running", "domena nie dziala")]);
        Assert.Equal(FindingIds.SriovNotCreated, Explain("sa 3 funkcje wlaczone", catalog).Cause!.Id);
        Assert.Equal(FindingIds.SriovNotCreated, Explain("jest 5 funkcji wlaczonych", catalog).Cause!.Id);
        Assert.Equal(FindingIds.DomainWrongState, Explain("domena nie dziala", catalog).Cause!.Id);
    }

    [Fact]
    public void Several_languages_in_one_text_and_in_one_line_are_read()
    {
        _host.WriteFile("/usr/share/locale/de/LC_MESSAGES/libvirt.mo", CatalogFile.Of([("error: ", "Fehler: "), ("Failed to start domain '%s'", "Starten der Domain „%s“ fehlgeschlagen")]))
            .WriteFile("/usr/share/locale/zh_CN/LC_MESSAGES/libvirt.mo", CatalogFile.Of([("Requested operation is not valid: %s", "所需操作无效：%s"), ("PCI device %s is not assignable", "PCI 设备 %s 不可分配")]));
        var explanation = PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = "Fehler: Starten der Domain „vm1“ fehlgeschlagen\nFehler: 所需操作无效：PCI 设备 0000:01:00.0 不可分配" });
        Assert.Equal(FindingIds.DeviceBehindSwitchWithoutAcs, explanation.Cause!.Id);
        Assert.Equal(["/usr/share/locale/de/LC_MESSAGES/libvirt.mo", "/usr/share/locale/zh_CN/LC_MESSAGES/libvirt.mo"], explanation.Cause.Evidence.Select(evidence => evidence.Source).Where(source => source.EndsWith(".mo", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_translated_reason_counts_as_its_number()
    {
        _host.WriteFile("/usr/share/locale/de/LC_MESSAGES/libc.mo", CatalogFile.Of([("Permission denied", "Keine Berechtigung"), ("Success", "Erfolg"), ("Usage:", "Fehlgeschlagen")]))
            .WriteFile("/usr/share/locale/de/LC_MESSAGES/libvirt.mo", CatalogFile.Of([("Failed to connect socket to '%s'", "Verbindung zu Socket '%s' nicht möglich")]));
        Assert.Equal(FindingIds.LibvirtNoPermission, PassthroughHost.At(_host.Root).Explain(new PassthroughError { Text = "Verbindung zu Socket '/run/libvirt/libvirt-sock' nicht möglich: Keine Berechtigung" }).Cause!.Id);
    }

    [Theory]
    [InlineData("error: Failed to start domain 'vm1'\nerror: internal error: qemu unexpectedly closed the monitor")]
    [InlineData("vfio 0000:01:00.0: group 9 is not viable")]
    [InlineData("Starten fehlgeschlagen\nerror: unsupported configuration: host doesn't support passthrough of host PCI devices")]
    [InlineData("error: Failed to start domain 'vm1'")]
    [InlineData("")]
    public void Where_English_is_recognised_no_catalogue_is_opened(string text)
    {
        var error = new PassthroughError { Text = text };
        Assert.False(ErrorExplainer.NeedsTranslation(error));

        // A catalogue that would change everything is there, and is not asked.
        _host.WriteFile("/usr/share/locale/xx/LC_MESSAGES/libvirt.mo", CatalogFile.Of([("domain is not running", text.Length > 0 ? text.Split('\n')[^1] : "abc")]));
        Assert.DoesNotContain(PassthroughHost.At(_host.Root).Explain(error).Findings.SelectMany(finding => finding.Evidence), evidence => evidence.Source.EndsWith(".mo", StringComparison.Ordinal));
    }

    [Fact]
    public void Catalogues_are_taken_only_when_a_line_needs_one()
    {
        static IEnumerable<MessageCatalog> Never()
        {
            Assert.Fail("a catalogue was asked for");
            yield break;
        }

        Assert.False(MessageTranslator.Translate(["vfio 0000:01:00.0: group 9 is not viable"], Never()).IsTranslated);
    }

    [Fact]
    public void A_catalogue_that_is_torn_or_malicious_never_throws()
    {
        var good = CatalogFile.Of([("domain is not running", "die Domäne läuft nicht"), ("PCI device %1$s is in use by driver %2$s, domain %3$s", "%99$s%3$s%*.*s%1$s %%%2$s läuft")]);
        var random = new Random(17);
        const string Text = "die Domäne läuft nicht\nabc läuft";
        for (var i = 0; i < good.Length; i += 3)
        {
            _ = Explain(Text, good[..i]);
        }

        for (var i = 0; i < 1000; i++)
        {
            var torn = (byte[])good.Clone();
            for (var n = random.Next(1, 8); n > 0; n--)
            {
                torn[random.Next(torn.Length)] = (byte)random.Next(256);
            }

            _ = Explain(Text, torn);
        }

        // A count that would take all memory, tables in one another, a message of the whole file.
        byte[] huge = [0xde, 0x12, 0x04, 0x95, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0, 28, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(0, MessageCatalog.Parse(huge, "x").Count);
    }

    [Fact]
    public void Without_the_number_and_the_catalogue_an_unknown_language_stays_unrecognised() =>
        Assert.False(PassthroughHost.At(_host.Root).Capture().Explain("Angeforderte Operation ungültig: PCI-Gerät gehört schon der Domäne nic").IsRecognised);

    private Passthrough.Sdk.Host.HostSnapshot Snapshot => field ??= PassthroughHost.At(_host.Root).Capture();

    private Explanation Explain(string text, byte[] catalog) => Snapshot.Explain(
        new PassthroughError { Text = text }, new() { Catalogs = [MessageCatalog.Parse(catalog, "/usr/share/locale/xx/LC_MESSAGES/libvirt.mo")] });

    private static ValueList<MessageCatalog> Installed()
    {
        if (!File.Exists($"{Locale}/zh_CN/LC_MESSAGES/libvirt.mo"))
        {
            Assert.Skip("libvirt's catalogues are not installed (Debian: libvirt-l10n)");
        }

        return PassthroughHost.Local().ReadMessageCatalogs();
    }

    private static Dictionary<string, string> Pairs(string path)
    {
        var pairs = new Dictionary<string, string>();
        if (File.Exists(path))
        {
            var catalog = MessageCatalog.Parse(File.ReadAllBytes(path), path);
            for (var i = 0; i < catalog.Count; i++)
            {
                pairs[Encoding.UTF8.GetString(catalog.Original(i))] = Encoding.UTF8.GetString(catalog.Translation(i));
            }
        }

        return pairs;
    }

    // What printf does, as far as these messages need it.
    private static string Filled(string format, string[] values)
    {
        var next = 0;
        return Conversion().Replace(format, conversion =>
        {
            var number = conversion.Groups[1].Success ? int.Parse(conversion.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture) - 1 : next++;
            return values[Math.Min(number, values.Length - 1)];
        });
    }
}
