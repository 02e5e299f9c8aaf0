using System.Diagnostics;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>
/// Field by field: every word of <c>lspci -F FILE -vvv -nn</c> must be what the decoded space says, in the same order.
/// Exceptions are named in <see cref="LspciExceptions"/>, each with its reason.
/// </summary>
public sealed partial class LspciFieldTests
{
    public static TheoryData<string> Dumps => LspciDumps.Names;

    [Theory]
    [MemberData(nameof(Dumps))]
    public void Every_field_of_every_dump_of_pciutils_is_lspcis(string name) => Compare(LspciDumps.Path(name));

    [Fact]
    public void Every_field_of_libvirts_configuration_spaces_is_lspcis()
    {
        var files = Directory.EnumerateFiles(Corpora.Require("libvirt/virpcitestdata"), "*.config").Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);
        CompareBinary(files.Select(file => (Address(Path.GetFileNameWithoutExtension(file)), File.ReadAllBytes(file))));

        // 0000-00-01.0
        static string Address(string name) => name.Replace('-', ':');
    }

    [Fact]
    public void Every_field_of_the_configuration_files_of_hwlocs_trees_is_lspcis()
    {
        var folder = Directory.CreateTempSubdirectory("hwloc").FullName;
        try
        {
            foreach (var archive in Directory.EnumerateFiles(Corpora.Require("hwloc"), "*.tar.bz2"))
            {
                var tree = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(archive))).FullName;
                Unpack(archive, tree);
                var files = Directory.EnumerateFiles(tree, "config", SearchOption.AllDirectories)
                    .Where(file => PciAddress.TryParse(Path.GetFileName(Path.GetDirectoryName(file)), out _))
                    .Select(file => (Path.GetFileName(Path.GetDirectoryName(file))!, File.ReadAllBytes(file)))
                    .Where(file => file.Item2.Length >= PciConfigurationSpace.HeaderLength)

                    // A tree of theirs has a function in two places.
                    .DistinctBy(file => file.Item1)
                    .ToList();
                if (files.Count > 0)
                {
                    CompareBinary(files);
                }
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Unpack(string archive, string folder)
    {
        using var tar = Process.Start(new ProcessStartInfo("tar", ["-xjf", archive, "-C", folder, "--wildcards", "*/config"]) { RedirectStandardError = true })!;
        tar.StandardError.ReadToEnd();
        tar.WaitForExit();
    }

    private static void CompareBinary(IEnumerable<(string Address, byte[] Bytes)> spaces)
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var dump = new StreamWriter(path) { NewLine = "\n" })
            {
                foreach (var (address, bytes) in spaces)
                {
                    dump.WriteLine($"{address} Function");
                    foreach (var (row, line) in bytes.Chunk(16).Index())
                    {
                        dump.WriteLine($"{row * 16:x2}: {string.Join(' ', line.Select(value => value.ToString("x2", null)))}");
                    }

                    dump.WriteLine();
                }
            }

            Compare(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Compare(string path)
    {
        var names = PciIdDatabase.Load();
        Assert.SkipWhen(names.Source is null, "no pci.ids on this machine");
        var dump = LspciDump.Parse(File.ReadAllText(path));
        var texts = Lspci.Run([.. Lspci.NamesFromFileOnly, "-F", path, "-i", names.Source!, "-D", "-vvv", "-nn"]).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(texts.Length, dump.Functions.Count);
        foreach (var (text, function) in texts.Zip(dump.Functions))
        {
            if (function.Configuration.Header is UnknownHeader or null)
            {
                continue;
            }

            var blocks = text.Split("\n\tCapabilities: [");
            var where = $"{Path.GetFileName(path)} {function.Address}";
            AssertWords(LspciExceptions.Header(blocks[0][blocks[0].IndexOf(' ', StringComparison.Ordinal)..], function), LspciText.Header(function, names), where);
            Assert.Equal(Region().Count(LspciExceptions.Header(blocks[0], function)), LspciText.Regions(function.Configuration.Header).Count());
            var printed = blocks[1..].Select(block => block[(block.IndexOf(']', StringComparison.Ordinal) + 1)..]).Where(block => !block.TrimStart().StartsWith("<chain", StringComparison.Ordinal));
            foreach (var (block, capability) in printed.Zip(function.Configuration.Capabilities))
            {
                AssertWords(LspciExceptions.Capability(block, capability), LspciText.Capability(capability, function), $"{where} {capability}");
            }
        }
    }

    /// <summary>Every word that lspci prints is among ours, in the same order; ours may have more, for newer versions of lspci.</summary>
    private static void AssertWords(string printed, string ours, string where)
    {
        var (expected, actual) = (LspciText.Words(Judgement().Replace(printed, "")), LspciText.Words(ours));
        var next = 0;
        foreach (var (index, word) in expected.Index())
        {
            var found = Array.IndexOf(actual, word, next);
            Assert.True(
                found >= 0,
                $"{where}: lspci says '{string.Join(' ', expected[Math.Max(0, index - 6)..Math.Min(index + 4, expected.Length)])}', and '{word}' is not here: '{string.Join(' ', actual[Math.Max(0, next - 6)..Math.Min(next + 12, actual.Length)])}'");
            next = found + 1;
        }
    }

    // What lspci concludes rather than reads, and its mark for what it does not decode.
    [GeneratedRegex(@"<\?>| \((ok|downgraded|overdriven|strange)\)|Capabilities: <access denied>|<access denied to the rest>")]
    private static partial Regex Judgement();

    [GeneratedRegex(@"^\tRegion \d", RegexOptions.Multiline)]
    private static partial Regex Region();
}
