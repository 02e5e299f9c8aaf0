using System.Globalization;
using System.Text.RegularExpressions;
using Passthrough.Sdk.Pci;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>Every dump of pciutils: the same functions and the same chains as <c>lspci -F FILE -vvv -nn</c>.</summary>
public sealed partial class LspciChainTests
{
    public static TheoryData<string> Dumps => LspciDumps.Names;

    [Theory]
    [MemberData(nameof(Dumps))]
    public void Functions_and_chains_are_those_of_lspci(string name)
    {
        var path = LspciDumps.Path(name);
        var dump = LspciDump.Parse(File.ReadAllText(path));

        var expected = Lspci.Run("-F", path, "-D", "-vvv", "-nn").Split("\n\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal(expected.Select(text => PciAddress.Parse(text[..text.IndexOf(' ', StringComparison.Ordinal)])), dump.Functions.Select(function => function.Address));
        foreach (var (text, function) in expected.Zip(dump.Functions))
        {
            var chain = Capability().Matches(text)
                .Where(match => !match.Groups["rest"].Value.StartsWith('<'))
                .Select(match => (
                    Offset: int.Parse(match.Groups["at"].Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                    Version: match.Groups["version"].Success ? int.Parse(match.Groups["version"].Value, CultureInfo.InvariantCulture) : (int?)null,
                    Name: match.Groups["rest"].Value))
                .ToList();
            var found = function.Configuration.Capabilities;

            Assert.Equal(chain.Select(capability => (capability.Offset, capability.Version)), found.Select(capability => (capability.Offset, capability.Version)));
            Assert.All(chain.Zip(found), pair => AssertName(pair.First.Name, pair.Second));
        }
    }

    private static void AssertName(string printed, PciCapability capability)
    {
        // lspci shortens these two; an id that it does not know it prints as a number.
        var name = capability.Name switch
        {
            "PCI Express" => "Express",
            var other => other,
        };
        Assert.True(
            printed.StartsWith(name, StringComparison.Ordinal) || printed.StartsWith($"Capability ID 0x{capability.Id:x2}", StringComparison.Ordinal)
            || printed.StartsWith($"Extended Capability ID 0x{capability.Id:x2}", StringComparison.Ordinal),
            $"lspci: {printed}, here: {capability}");
    }

    [GeneratedRegex(@"^\tCapabilities: \[(?<at>[0-9a-f]+)(?: v(?<version>\d+))?\] (?<rest>.*)$", RegexOptions.Multiline)]
    private static partial Regex Capability();
}
