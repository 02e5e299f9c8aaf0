using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Passthrough.Sdk.Analyzers;

/// <summary>Warns of a plan that is made and then neither applied nor inspected (PTS0001).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedPlanAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "PTS0001";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A plan is never applied or inspected",
        "The plan that '{0}' returns is never applied or inspected, so the host does not change; await its ApplyAsync, or inspect its steps and findings",
        "Usage",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Making a plan changes nothing. Only Plan.ApplyAsync changes the host.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (start.Compilation.GetTypeByMetadataName("Passthrough.Sdk.Plans.Plan") is { } plan
                && start.Compilation.GetTypeByMetadataName("Passthrough.Sdk.IPassthroughHost") is { } host)
            {
                var methods = new LibraryMethods(host);
                start.RegisterOperationAction(context => Check(context, (IInvocationOperation)context.Operation, plan, methods), OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, IInvocationOperation call, INamedTypeSymbol plan, LibraryMethods methods)
    {
        if (IsPlan(call.TargetMethod.ReturnType, plan) && methods.IsKnown(call.TargetMethod) && IsUnused(call) && !LibraryMethods.IsDescribed(call))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rule, call.Syntax.GetLocation(), call.TargetMethod.Name));
        }
    }

    private static bool IsPlan(ITypeSymbol? type, INamedTypeSymbol plan)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(type, plan))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsUnused(IInvocationOperation call)
    {
        var value = ValueFlow.Outermost(call);
        if (value.Parent is IExpressionStatementOperation statement)
        {
            return !ValueFlow.IsProbe(statement);
        }

        var variable = ValueFlow.StoredIn(value, out var isDiscarded);
        return isDiscarded ? !ValueFlow.IsDiscardedProbe(value) : variable is not null && IsLeftAfter(value) && !ValueFlow.ReadsOf(variable, call).Any();
    }

    // "Show(plan = host.Plan(...))" uses the plan without a reference to the variable.
    private static bool IsLeftAfter(IOperation value) => value.Parent is not IAssignmentOperation assignment || assignment.Parent is IExpressionStatementOperation;
}
