using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Passthrough.Sdk.Analyzers;

/// <summary>Decides whether somebody disposes of a handle, or has it afterwards and may do so.</summary>
/// <param name="types">The types of handles.</param>
internal sealed class HandleFate(HandleTypes types)
{
    private readonly HashSet<ISymbol> _asked = new(SymbolEqualityComparer.Default);

    /// <summary>Returns whether a value is disposed of or passed on. The library's own methods do not keep handles that they are given.</summary>
    /// <param name="value">An expression with the handle, a task for it, or a list of handles.</param>
    public bool IsReleased(IOperation value)
    {
        value = ValueFlow.Outermost(value);
        if (ValueFlow.StoredIn(value, out var isDiscarded) is { } variable)
        {
            return IsInUsing(value.Parent!) || IsReleasedFrom(variable, value) || IsAssignmentPassedOn(value);
        }

        return isDiscarded ? ValueFlow.IsDiscardedProbe(value) : value.Parent switch
        {
            IExpressionStatementOperation statement => ValueFlow.IsProbe(statement),
            IInvocationOperation call when call.Instance == value => IsDispose(call.TargetMethod) || HasHandlesOf(value, call.Type),
            IMethodReferenceOperation method => IsDispose(method.Method),
            IMemberReferenceOperation member when member.Instance == value => HasHandlesOf(value, member.Type),
            IConditionalAccessOperation access when access.Operation == value => Instances(access).Any(IsReleased),
            IArgumentOperation { Parent: IInvocationOperation call } argument => IsPassedOn(argument, call),
            IForEachLoopOperation loop when loop.Collection == value => IsLoopOver(loop),
            IIsPatternOperation or IIsTypeOperation or IBinaryOperation or IInterpolationOperation or INameOfOperation or ILockOperation => false,
            _ => true,
        };
    }

    /// <summary>Returns whether the handle in a variable is disposed of or passed on, anywhere in the member.</summary>
    /// <param name="variable">The local variable or parameter.</param>
    /// <param name="within">An operation in the member.</param>
    public bool IsReleasedFrom(ISymbol variable, IOperation within) =>
        _asked.Add(variable) && ValueFlow.ReadsOf(variable, within).Any(IsReleased);

    private static bool IsDispose(IMethodSymbol method) => method.Name is "Dispose" or "DisposeAsync" or "Close" or "CloseAsync";

    private static bool IsInUsing(IOperation initializer) =>
        initializer is IVariableInitializerOperation { Parent.Parent.Parent: IVariableDeclarationGroupOperation { Parent: IUsingDeclarationOperation or IUsingOperation } };

    private bool IsAssignmentPassedOn(IOperation value) =>
        value.Parent is IAssignmentOperation { Parent: not IExpressionStatementOperation } assignment && IsReleased(assignment);

    // An element of a list, or a part of it, may be disposed of later.
    private bool HasHandlesOf(IOperation list, ITypeSymbol? type) => !types.IsHandle(list.Type) && types.HandleIn(type) is not null;

    private bool IsPassedOn(IArgumentOperation argument, IInvocationOperation call)
    {
        if (types.Methods.IsDeclared(call.TargetMethod))
        {
            return HasHandlesOf(argument.Value, call.Type);
        }

        return call.TargetMethod.ContainingType is not { Name: "Enumerable", ContainingNamespace.Name: "Linq" }
            || types.HandleIn(call.Type) is not null
            || call.Arguments.Any(each => each != argument && each.Value.Type?.TypeKind == TypeKind.Delegate && MayRelease(each.Value));
    }

    // What a method does with its parameter is not known; what a lambda does is.
    private bool MayRelease(IOperation function) =>
        function is not IDelegateCreationOperation { Target: IAnonymousFunctionOperation lambda }
        || lambda.Symbol.Parameters.Any(parameter => types.IsHandle(parameter.Type) && IsReleasedFrom(parameter, lambda));

    // A loop over events takes nothing from the subscription; one over a dictionary may pass a handle on with its key.
    private bool IsLoopOver(IForEachLoopOperation loop) =>
        loop.LoopControlVariable is not IVariableDeclaratorOperation item
        || (types.IsHandle(item.Symbol.Type) ? IsReleasedFrom(item.Symbol, loop) : types.HandleIn(item.Symbol.Type) is not null);

    private static IEnumerable<IOperation> Instances(IConditionalAccessOperation access) =>
        access.WhenNotNull.DescendantsAndSelf().OfType<IConditionalAccessInstanceOperation>().Take(1);
}
