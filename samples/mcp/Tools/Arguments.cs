using Passthrough.Sdk.Pci;

namespace Passthrough.Mcp.Tools;

/// <summary>Reads the arguments of tools. An assistant makes mistakes, so an error says what the argument must look like.</summary>
internal static class Arguments
{
    /// <summary>What tools say of an address.</summary>
    public const string Address = "The PCI address, domain:bus:slot.function, for example 0000:01:00.0; inventory lists the addresses.";

    /// <summary>Parses an address.</summary>
    public static PciAddress ParseAddress(string text) => PciAddress.TryParse(text, out var address)
        ? address
        : throw new ToolException($"'{Answer.Plain(text, 40)}' is not a PCI address; write it as domain:bus:slot.function, for example 0000:01:00.0; inventory lists the addresses");

    /// <summary>Parses a word that is one of a few.</summary>
    public static string OneOf(string name, string? given, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (string.Equals(word, given ?? words[0], StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        throw new ToolException($"{name}: '{Answer.Plain(given ?? "", 40)}' is not known; use one of: {string.Join(", ", words!)}");
    }
}
