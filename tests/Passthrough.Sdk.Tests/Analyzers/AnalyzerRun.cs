using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Passthrough.Sdk.Analyzers;

namespace Passthrough.Sdk.Tests.Analyzers;

/// <summary>Compiles a text against the library and runs the analyzers over it. The text marks with <c>/*!*/</c> where a warning begins.</summary>
internal static class AnalyzerRun
{
    private const string Mark = "/*!*/";

    private const string Usings = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Linq.Expressions;
        using System.Threading;
        using System.Threading.Tasks;
        using Moq;
        using Passthrough.Sdk;
        using Passthrough.Sdk.Assignment;
        using Passthrough.Sdk.BootChanges;
        using Passthrough.Sdk.Facts;
        using Passthrough.Sdk.Hostdev.Domains;
        using Passthrough.Sdk.Libvirt;
        using Passthrough.Sdk.Pci;
        using Passthrough.Sdk.Plans;
        using Passthrough.Sdk.Testing;

        """;

    private static readonly ImmutableArray<MetadataReference> Everything =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':').Select(path => MetadataReference.CreateFromFile(path))];

    /// <summary>Runs the analyzers over statements of an asynchronous method.</summary>
    public static Task ExpectAsync(string id, string statements) => ExpectMembersAsync(id, $$"""
            async Task RunAsync(IPassthroughHost host, PciDevice nic, ILibvirtConnection libvirt, ILibvirtDomain guest, bool flag, string uri)
            {
                await Task.Yield();
                {{statements}}
            }
        """);

    /// <summary>Runs the analyzers over members of a class.</summary>
    public static Task ExpectMembersAsync(string id, string members) => ExpectFileAsync(id, $$"""
        abstract class Code
        {
        {{members}}
        }
        """);

    /// <summary>Runs the analyzers over a file.</summary>
    public static async Task ExpectFileAsync(string id, string content, OutputKind kind = OutputKind.DynamicallyLinkedLibrary)
    {
        var text = Usings + content;
        var found = await FindAsync(CompilationOf(text, kind, Everything));

        Assert.Equal(
            Marks(text).Select(at => (id, LineOf(text, at))),
            found.Select(each => (each.Id, LineOf(text, each.Location.SourceSpan.Start))).Order());
        Assert.Equal(Marks(text), found.Select(each => each.Location.SourceSpan.Start).Order());
    }

    /// <summary>Returns the warnings of both analyzers.</summary>
    public static async Task<ImmutableArray<Diagnostic>> FindAsync(Compilation compilation)
    {
        Assert.DoesNotContain(compilation.GetDiagnostics(TestContext.Current.CancellationToken), each => each.Severity == DiagnosticSeverity.Error);
        var options = new CompilationWithAnalyzersOptions(
            new AnalyzerOptions([]), (error, _, _) => throw new InvalidOperationException("an analyzer failed", error), concurrentAnalysis: true, logAnalyzerExecutionTime: false);
        return await compilation.WithAnalyzers([new UnusedPlanAnalyzer(), new UndisposedHandleAnalyzer()], options)
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Compiles a text, against everything that the tests reference or less.</summary>
    public static CSharpCompilation CompilationOf(string text, OutputKind kind = OutputKind.DynamicallyLinkedLibrary, IEnumerable<MetadataReference>? references = null) =>
        CSharpCompilation.Create(
            "Users.Code",
            [CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Latest), path: "Code.cs")],
            references ?? Everything,
            new CSharpCompilationOptions(kind, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>Returns the references without those to the library.</summary>
    public static IEnumerable<MetadataReference> WithoutLibrary() =>
        Everything.Where(each => !Path.GetFileName(each.Display!).StartsWith("Passthrough.", StringComparison.Ordinal));

    private static IEnumerable<int> Marks(string text)
    {
        for (var at = text.IndexOf(Mark, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Mark, at + 1, StringComparison.Ordinal))
        {
            yield return at + Mark.Length;
        }
    }

    // A line says more in the output of a test than a position does.
    private static string LineOf(string text, int at) => text.Split('\n')[text[..at].Count(letter => letter == '\n')].Trim();
}
