using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Passthrough.Sdk.Analyzers;

/// <summary>The types of libvirt handles, looked up once for each compilation.</summary>
internal sealed class HandleTypes
{
    private readonly ImmutableArray<INamedTypeSymbol> _interfaces;
    private readonly ImmutableArray<INamedTypeSymbol> _classes;

    private HandleTypes(ImmutableArray<INamedTypeSymbol> interfaces, ImmutableArray<INamedTypeSymbol> classes)
    {
        _interfaces = interfaces;
        _classes = classes;
        Methods = new LibraryMethods(interfaces[0]);
    }

    /// <summary>Gets the methods of connections.</summary>
    public LibraryMethods Methods { get; }

    /// <summary>Looks the types up; null if the compilation does not use the library.</summary>
    public static HandleTypes? Of(Compilation compilation)
    {
        var interfaces = Find(compilation, "ILibvirtConnection", "ILibvirtDomain", "ILibvirtNodeDevice");
        return interfaces.IsEmpty ? null : new(interfaces, Find(compilation, "LibvirtSubscription`1", "DeviceRemovalWatch"));
    }

    /// <summary>Returns whether a value of the type is a handle.</summary>
    public bool IsHandle(ITypeSymbol? type) => type is INamedTypeSymbol named
        && (_interfaces.Contains(named, SymbolEqualityComparer.Default)
            || _classes.Contains(named.OriginalDefinition, SymbolEqualityComparer.Default)
            || named.AllInterfaces.Any(each => _interfaces.Contains(each, SymbolEqualityComparer.Default)));

    /// <summary>Returns the type of the handles that a value of the type is, promises or holds; null if there are none.</summary>
    public ITypeSymbol? HandleIn(ITypeSymbol? type) => type switch
    {
        _ when IsHandle(type) => type,
        IArrayTypeSymbol array => HandleIn(array.ElementType),
        INamedTypeSymbol { IsGenericType: true } generic => generic.TypeArguments.Select(HandleIn).FirstOrDefault(each => each is not null),
        _ => null,
    };

    private static ImmutableArray<INamedTypeSymbol> Find(Compilation compilation, params string[] names) =>
        [.. names.Select(name => compilation.GetTypeByMetadataName($"Passthrough.Sdk.Libvirt.{name}")).OfType<INamedTypeSymbol>()];
}
