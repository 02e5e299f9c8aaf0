using System.Globalization;
using System.Reflection;
using Passthrough.Sdk.Testing;

namespace Passthrough.Sdk.Tests.Testing.VirtualHosts;

/// <summary>Which methods of a test can run in a virtual host, and what comes back.</summary>
public sealed class MethodCallTests
{
    private const string Field = "constant";

    private readonly string _field = "of the test";

    public static TheoryData<string, Delegate, string[]> Impossible
    {
        get
        {
            var captured = DateTime.MinValue.ToString(CultureInfo.InvariantCulture);
            return new()
            {
                { "uses an object or a variable", () => Take(captured), [] },
                { "uses an object or a variable", new MethodCallTests().Instance, [] },
                { "uses an object or a variable", "closed".ToLowerInvariant, [] },
                { "and only void, string, Task and Task<string>", () => 1, [] },
                { "is async void", AsyncVoid, [] },
                { "is generic", Generic<string>, [] },
                { "a parameter that is not a string", (int number) => Take($"{number}"), ["1"] },
                { "has 1 parameters, and 0 arguments", Take, [] },
                { "a list of several methods", (Action)Delegate.Combine(Nothing, Nothing)!, [] },
            };
        }
    }

    [Fact]
    public void A_static_method_and_lambdas_without_variables_are_found_again()
    {
        foreach (var method in (Delegate[])[Nothing, () => Take(Field), async () => await Task.Yield(), () => "text", static () => Nothing()])
        {
            var call = MethodCall.Of(method, []);

            Assert.Equal(typeof(MethodCallTests).Assembly.Location, call.Path);
            Assert.Equal(method.Method, Assembly.Load(call.Assembly).ManifestModule.ResolveMethod(call.Token));
        }
    }

    [Theory]
    [MemberData(nameof(Impossible), DisableDiscoveryEnumeration = true)]
    public void What_cannot_run_elsewhere_is_refused_with_the_reason(string reason, Delegate method, string[] arguments)
    {
        var exception = Assert.Throws<ArgumentException>(() => MethodCall.Of(method, arguments));
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
        Assert.Contains("pass a static method", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_and_arguments_come_through()
    {
        Assert.Equal(new(null, null, null, null), MethodAnswer.Read(MethodAnswer.OfValue(null)));
        Assert.Equal("a\n\"ü\"", MethodAnswer.Read(MethodAnswer.OfValue("a\n\"ü\""))!.Value);
        var failure = MethodAnswer.Read(MethodAnswer.OfException(new InvalidOperationException("outer", new IOException("inner"))))!;
        Assert.Equal(("System.InvalidOperationException", "outer"), (failure.Type, failure.Message));
        Assert.Contains("System.IO.IOException: inner", failure.Text, StringComparison.Ordinal);
        Assert.Null(MethodAnswer.Read("not JSON"));
        Assert.DoesNotContain('\n', MethodAnswer.OfValue("a\nb"));
        string[] arguments = ["", "a b", "\n", "\"ü\""];
        Assert.Equal(arguments, MethodAnswer.ReadArguments(MethodAnswer.WriteArguments(arguments)));
    }

    [Fact]
    public void This_program_can_be_started_again()
    {
        var command = TestProgram.Command();

        Assert.EndsWith("/dotnet", command[0], StringComparison.Ordinal);
        Assert.Equal("Passthrough.Sdk.Tests.dll", Path.GetFileName(command[^1]));
        Assert.All([command[0], command[3], command[5], command[6]], file => Assert.True(File.Exists(file), file));
    }

    private static void Take(string text) => ArgumentNullException.ThrowIfNull(text);

    private static void Nothing()
    {
    }

    private static async void AsyncVoid() => await Task.Yield();

    private static void Generic<T>() => Take(typeof(T).Name);

    private void Instance() => Take(_field);
}
