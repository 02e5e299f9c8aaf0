using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace Passthrough.Sdk.Analyzers;

/// <summary>Follows a value through the expressions that only pass it on, and finds the references to a variable.</summary>
internal static class ValueFlow
{
    /// <summary>Returns the outermost expression with the same value: its parent decides what becomes of the value.</summary>
    public static IOperation Outermost(IOperation value)
    {
        while (Carrier(value) is { } outer)
        {
            value = outer;
        }

        return value;
    }

    /// <summary>Returns the variable in which the parent of a value stores it, if it is a local variable and nothing else.</summary>
    /// <param name="value">The outermost expression with the value.</param>
    /// <param name="isDiscarded">Whether it is assigned to a discard.</param>
    public static ILocalSymbol? StoredIn(IOperation value, out bool isDiscarded)
    {
        isDiscarded = false;
        switch (value.Parent)
        {
            case IVariableInitializerOperation { Parent: IVariableDeclaratorOperation declarator }:
                return declarator.Symbol;
            case ISimpleAssignmentOperation assignment when assignment.Value == value:
                return LocalOf(assignment.Target, out isDiscarded);
            case ICoalesceAssignmentOperation assignment when assignment.Value == value:
                return LocalOf(assignment.Target, out isDiscarded);
            case ITupleOperation tuple when Deconstructed(tuple) is { } targets && targets.Elements.Length == tuple.Elements.Length:
                return LocalOf(targets.Elements[tuple.Elements.IndexOf(value)], out isDiscarded);
            case IIsPatternOperation test when test.Value == value:
                return DeclaredBy(test.Pattern) as ILocalSymbol;
            default:
                return null;
        }
    }

    /// <summary>Returns the variable that an expression on the left of an assignment, or an argument for an out parameter, stands for.</summary>
    public static ILocalSymbol? LocalOf(IOperation target, out bool isDiscarded)
    {
        while (target is IDeclarationExpressionOperation declaration)
        {
            target = declaration.Expression;
        }

        isDiscarded = target is IDiscardOperation;
        return (target as ILocalReferenceOperation)?.Local;
    }

    /// <summary>Returns every reference to a variable that reads it, anywhere in the member around an operation.</summary>
    public static IEnumerable<IOperation> ReadsOf(ISymbol variable, IOperation within)
    {
        while (within.Parent is { } outer)
        {
            within = outer;
        }

        return within.Descendants().Where(each => IsReferenceTo(each, variable) && !IsWritten(each) && each.Parent is not INameOfOperation);
    }

    /// <summary>
    /// Returns whether a statement is the only content of a lambda without parameters that returns nothing: tests check with it that a call throws
    /// (<c>Action act = () => host.Plan(...)</c>).
    /// </summary>
    public static bool IsProbe(IOperation statement) =>
        statement is IExpressionStatementOperation { Parent: IBlockOperation { Parent: IAnonymousFunctionOperation { Symbol.Parameters.IsEmpty: true } } block }
        && block.Operations.Count(each => !each.IsImplicit || each == statement) == 1;

    /// <summary>Returns whether the discard of a value is such a statement (<c>Action act = () => _ = host.Plan(...)</c>).</summary>
    public static bool IsDiscardedProbe(IOperation value) =>
        value.Parent is ISimpleAssignmentOperation { Target: IDiscardOperation, Parent: IExpressionStatementOperation statement } && IsProbe(statement);

    private static IOperation? Carrier(IOperation value) => value.Parent switch
    {
        IConversionOperation { OperatorMethod: null } conversion => conversion,
        IParenthesizedOperation or IAwaitOperation or ICoalesceOperation => value.Parent,
        IConditionalOperation choice when choice.Condition != value => choice,
        ISwitchExpressionArmOperation arm when arm.Value == value => arm.Parent,
        IConditionalAccessOperation access when access.WhenNotNull == value => access,
        // The value of an assignment that is used as an expression goes on as well.
        ISimpleAssignmentOperation { Parent: not IExpressionStatementOperation } assignment when assignment.Value == value && assignment.Target is IDiscardOperation => assignment,
        IInvocationOperation { TargetMethod.Name: "ConfigureAwait" or "WaitAsync" or "AsTask" or "GetAwaiter" or "GetResult" } call when call.Instance == value => call,
        IPropertyReferenceOperation { Property: { Name: "Result", ContainingType.Name: "Task" or "ValueTask" } } result => result,
        IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "ConfigureAwait" or "WithCancellation", IsExtensionMethod: true } } call } argument
            when call.Arguments[0] == argument => call,
        _ => null,
    };

    private static ISymbol? DeclaredBy(IPatternOperation pattern) => pattern switch
    {
        INegatedPatternOperation negated => DeclaredBy(negated.Pattern),
        IDeclarationPatternOperation declaration => declaration.DeclaredSymbol,
        IRecursivePatternOperation { PropertySubpatterns.IsEmpty: true, DeconstructionSubpatterns.IsEmpty: true } recursive => recursive.DeclaredSymbol,
        _ => null,
    };

    // The variables on the other side, if a tuple is taken apart where it is made.
    private static ITupleOperation? Deconstructed(ITupleOperation tuple)
    {
        var value = Outermost(tuple);
        if (value.Parent is not IDeconstructionAssignmentOperation assignment || assignment.Value != value)
        {
            return null;
        }

        return (assignment.Target is IDeclarationExpressionOperation declaration ? declaration.Expression : assignment.Target) as ITupleOperation;
    }

    private static bool IsReferenceTo(IOperation operation, ISymbol variable) => operation switch
    {
        ILocalReferenceOperation local => SymbolEqualityComparer.Default.Equals(local.Local, variable),
        IParameterReferenceOperation parameter => SymbolEqualityComparer.Default.Equals(parameter.Parameter, variable),
        _ => false,
    };

    private static bool IsWritten(IOperation reference)
    {
        var (target, parent) = (reference, reference.Parent);
        while (parent is IDeclarationExpressionOperation or ITupleOperation)
        {
            (target, parent) = (parent, parent.Parent);
        }

        return parent switch
        {
            IAssignmentOperation assignment => assignment.Target == target,
            IArgumentOperation { Parameter.RefKind: RefKind.Out } => true,
            IForEachLoopOperation loop => loop.LoopControlVariable == target,
            _ => false,
        };
    }
}
