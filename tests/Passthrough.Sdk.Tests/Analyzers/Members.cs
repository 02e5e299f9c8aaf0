using Microsoft.CodeAnalysis;

namespace Passthrough.Sdk.Tests.Analyzers;

/// <summary>Writes the members of an interface that a class in a test needs but does not care about, as abstract ones.</summary>
internal static class Members
{
    /// <summary>Returns the declarations.</summary>
    /// <param name="contract">The name of the interface.</param>
    /// <param name="written">How a declaration begins that the class contains already, after its type; empty for none.</param>
    public static string Of(string contract, string written)
    {
        var format = SymbolDisplayFormat.FullyQualifiedFormat
            .WithMemberOptions(SymbolDisplayMemberOptions.IncludeType | SymbolDisplayMemberOptions.IncludeParameters)
            .WithParameterOptions(SymbolDisplayParameterOptions.IncludeType | SymbolDisplayParameterOptions.IncludeName | SymbolDisplayParameterOptions.IncludeModifiers)
            .WithKindOptions(SymbolDisplayKindOptions.None)
            .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);
        var compilation = AnalyzerRun.CompilationOf("");
        var type = compilation.GetTypeByMetadataName($"Passthrough.Sdk.{contract}") ?? compilation.GetTypeByMetadataName($"Passthrough.Sdk.Libvirt.{contract}")!;
        return string.Concat(type.GetMembers()
            .Where(member => member is IPropertySymbol or IMethodSymbol { MethodKind: MethodKind.Ordinary })
            .Select(member => (member, text: member.ToDisplayString(format)))
            .Where(each => written.Length == 0 || !each.text.Contains($" {written}", StringComparison.Ordinal))
            .Select(each => $"    public abstract {each.text}{(each.member is IPropertySymbol ? " { get; }" : ";")}\n"));
    }
}
