using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Passthrough.Sdk.Analyzers;

/// <summary>Recognises the methods whose contract is known: those of the library, and those of other types that implement its interfaces.</summary>
/// <param name="contract">The interface: of the host, or of a connection.</param>
internal sealed class LibraryMethods(INamedTypeSymbol contract)
{
    // Its connection and domains are objects in memory, for which Dispose does nothing.
    private const string Fakes = "Passthrough.Sdk.Testing";

    /// <summary>Returns whether the assembly of the interface declares the method.</summary>
    public bool IsDeclared(IMethodSymbol method) => SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, contract.ContainingAssembly);

    /// <summary>Returns whether the contract of the method is known. What another method does before it returns is not.</summary>
    public bool IsKnown(IMethodSymbol method) => IsDeclared(method) || (method.ContainingAssembly?.Name != Fakes && Implements(method));

    private bool Implements(IMethodSymbol method)
    {
        foreach (var member in contract.GetMembers(method.Name))
        {
            if (SymbolEqualityComparer.Default.Equals(method.ContainingType?.FindImplementationForInterfaceMember(member), method))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Returns whether a call does not do what it says: it is part of an expression that is only described (<c>mock.Setup(host => host.Plan(...))</c>), or its
    /// receiver is a substitute of a mocking library (<c>mock.Object.Plan(...)</c>, <c>host.Received().Plan(...)</c>).
    /// </summary>
    public static bool IsDescribed(IInvocationOperation call)
    {
        var receiver = call.Instance switch
        {
            IPropertyReferenceOperation property => (ISymbol)property.Property,
            IInvocationOperation inner => inner.TargetMethod,
            _ => null,
        };
        if (RootNamespaceOf(receiver) is "Moq" or "NSubstitute")
        {
            return true;
        }

        for (var outer = call.Parent; outer is not null; outer = outer.Parent)
        {
            if (outer is IAnonymousFunctionOperation { Parent.Type: INamedTypeSymbol { Name: "Expression", ContainingNamespace.Name: "Expressions" } })
            {
                return true;
            }
        }

        return false;
    }

    private static string? RootNamespaceOf(ISymbol? symbol)
    {
        var root = symbol?.ContainingNamespace;
        while (root is { ContainingNamespace: { IsGlobalNamespace: false } outer })
        {
            root = outer;
        }

        return root?.Name;
    }
}
