using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Passthrough.Sdk.Analyzers;

/// <summary>Warns of a libvirt handle that is obtained and never disposed of (PTS0002).</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UndisposedHandleAnalyzer : DiagnosticAnalyzer
{
    /// <summary>The id of the rule.</summary>
    public const string Id = "PTS0002";

    private static readonly DiagnosticDescriptor Rule = new(
        Id,
        "A libvirt handle is never disposed of",
        "The {0} from '{1}' is never disposed of, so its connection to libvirt stays open until the garbage collector finds it; declare it with 'using', or call Dispose",
        "Reliability",
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        description: "Connections, domains, node devices and subscriptions keep a connection to libvirt open, and libvirt limits the number of connections.");

    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (HandleTypes.Of(start.Compilation) is { } types)
            {
                start.RegisterOperationAction(context => Check(context, (IInvocationOperation)context.Operation, types), OperationKind.Invocation);
            }
        });
    }

    private static void Check(OperationAnalysisContext context, IInvocationOperation call, HandleTypes types)
    {
        if (!types.Methods.IsKnown(call.TargetMethod))
        {
            return;
        }

        if (types.HandleIn(call.TargetMethod.ReturnType) is { } handle && !new HandleFate(types).IsReleased(call))
        {
            Report(context, call, call, handle);
        }

        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter is { RefKind: RefKind.Out } parameter && types.IsHandle(parameter.Type) && !IsReleased(argument, types))
            {
                Report(context, call, argument, parameter.Type);
            }
        }
    }

    private static bool IsReleased(IArgumentOperation argument, HandleTypes types)
    {
        var variable = ValueFlow.LocalOf(argument.Value, out var isDiscarded);
        return variable is null ? !isDiscarded || IsAssertedFalse(argument.Parent!) : new HandleFate(types).IsReleasedFrom(variable, argument);
    }

    // "Assert.False(libvirt.TryGetDomain(name, out _))": a handle that exists would fail the test.
    private static bool IsAssertedFalse(IOperation call) =>
        call.Parent is IArgumentOperation { Parent: IInvocationOperation { TargetMethod: { Name: "False" or "IsFalse", ContainingType.Name: "Assert" or "ClassicAssert" } } };

    private static void Report(OperationAnalysisContext context, IInvocationOperation call, IOperation place, ITypeSymbol handle)
    {
        if (!LibraryMethods.IsDescribed(call))
        {
            context.ReportDiagnostic(Diagnostic.Create(Rule, place.Syntax.GetLocation(), handle.Name, call.TargetMethod.Name));
        }
    }
}
