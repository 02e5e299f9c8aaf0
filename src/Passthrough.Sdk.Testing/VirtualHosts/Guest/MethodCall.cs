using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>A method of the test program that another process can find.</summary>
/// <param name="Name">Its type and name, for messages.</param>
/// <param name="Module">The id of its module, which changes with every build.</param>
/// <param name="Token">Its token in the module.</param>
/// <param name="Assembly">The name of its assembly.</param>
/// <param name="Path">The file of its assembly.</param>
/// <param name="Arguments">What it is called with.</param>
internal sealed record MethodCall(string Name, Guid Module, int Token, string Assembly, string Path, ValueList<string> Arguments)
{
    private const string WayOut = "pass a static method, or a lambda that uses no variable from outside, with texts as arguments";

    /// <summary>Reads a delegate.</summary>
    /// <exception cref="ArgumentException">It cannot run in another process.</exception>
    [RequiresUnreferencedCode(HostMethod.NeedsReflection)]
    [UnconditionalSuppressMessage("SingleFile", "IL3000", Justification = "An empty location is refused.")]
    public static MethodCall Of(Delegate method, IEnumerable<string> arguments)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(arguments);
        var info = method.Method;
        var name = $"{info.DeclaringType?.FullName}.{info.Name}";
        ValueList<string> values = [.. arguments];
        Require(method.HasSingleTarget, name, "is a list of several methods");
        Require(info.DeclaringType is not null && info.Module.Assembly is { IsDynamic: false, Location.Length: > 0 }, name, "is not in an assembly with a file of its own");
        Require(!info.IsGenericMethod && !info.DeclaringType!.IsGenericType, name, "is generic, or a lambda in something generic");
        Require(IsFree(method, info), name, "uses an object or a variable of the test, which does not exist in the virtual host");
        Require(
            info.ReturnType == typeof(void) || info.ReturnType == typeof(string) || info.ReturnType == typeof(Task) || info.ReturnType == typeof(Task<string>),
            name,
            $"returns {info.ReturnType}, and only void, string, Task and Task<string> can come back");
        Require(
            info.ReturnType != typeof(void) || info.GetCustomAttribute<AsyncStateMachineAttribute>() is null,
            name,
            "is async void, whose end cannot be awaited; let it return Task");
        var parameters = info.GetParameters();
        Require(parameters.All(parameter => parameter.ParameterType == typeof(string)), name, "has a parameter that is not a string");
        Require(parameters.Length == values.Count, name, $"has {parameters.Length} parameters, and {values.Count} arguments were given");
        Require(values.All(value => value is not null), name, "cannot take null as an argument");
        var assembly = info.Module.Assembly;
        return new(name, info.Module.ModuleVersionId, info.MetadataToken, assembly.FullName!, assembly.Location, values);
    }

    /// <summary>The variables of the environment that ask for this method.</summary>
    /// <param name="mark">What comes before the answer.</param>
    public ValueList<string> Variables(string mark) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"{HostMethod.Request}={mark}\n{Module}\n{Token}\n{Assembly}\n{Path}"),
        $"{HostMethod.Arguments}={MethodAnswer.WriteArguments(Arguments)}",
        $"{HostMethod.Hooks}={typeof(HostMethod).Assembly.GetName().Name}",
    ];

    // A static method, or what the compiler makes of a lambda without captured variables.
    [RequiresUnreferencedCode(HostMethod.NeedsReflection)]
    private static bool IsFree(Delegate method, MethodInfo info) => info.IsStatic
        ? method.Target is null
        : info.DeclaringType!.IsDefined(typeof(CompilerGeneratedAttribute))
            && info.DeclaringType!.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == 0;

    private static void Require([DoesNotReturnIf(false)] bool isMet, string name, string reason)
    {
        if (!isMet)
        {
            throw new ArgumentException($"{name} {reason}: it cannot run in a virtual host; {WayOut}");
        }
    }
}
