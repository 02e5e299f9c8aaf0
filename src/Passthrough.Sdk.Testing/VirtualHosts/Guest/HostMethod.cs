using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>Inside the virtual host: runs the method that the environment names, and writes its result behind its output.</summary>
internal static class HostMethod
{
    public const string NeedsReflection = "A method that runs in a virtual host is found by reflection, in a program that is neither trimmed nor compiled ahead of time.";

    /// <summary>The variable that asks for a method: the word before the result, the module's id, the method's token, the assembly's name and path.</summary>
    public const string Request = "PASSTHROUGH_SDK_METHOD";

    /// <summary>The variable with the method's arguments, a JSON array of strings.</summary>
    public const string Arguments = "PASSTHROUGH_SDK_ARGUMENTS";

    /// <summary>The runtime's variable.</summary>
    public const string Hooks = "DOTNET_STARTUP_HOOKS";

    /// <summary>Runs the method and ends the process, if the environment names one.</summary>
    [RequiresUnreferencedCode(NeedsReflection)]
    public static void RunIfAsked()
    {
        if (Environment.GetEnvironmentVariable(Request) is not { } request)
        {
            return;
        }

        var arguments = Environment.GetEnvironmentVariable(Arguments) ?? "[]";
        // Programs that the method starts are no business of this class.
        foreach (var name in (string[])[Request, Arguments, Hooks])
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        var parts = request.Split('\n');
        var result = Run(parts, arguments);
        Console.Out.Flush();
        Console.Error.Flush();
        using (var output = Console.OpenStandardOutput())
        {
            output.Write(Encoding.UTF8.GetBytes($"{parts[0]}{result}\n"));
        }

        Environment.Exit(0);
    }

    [RequiresUnreferencedCode(NeedsReflection)]
    [SuppressMessage("Design", "CA1031", Justification = "Every exception of the method goes back to the test.")]
    private static string Run(string[] parts, string arguments)
    {
        try
        {
            var method = Find(Guid.Parse(parts[1]), int.Parse(parts[2], CultureInfo.InvariantCulture), parts[3], parts[4]);
            var values = MethodAnswer.ReadArguments(arguments);
            // The compiler makes a lambda without captured variables an instance method of a class without fields.
            var instance = method.IsStatic ? null : Activator.CreateInstance(method.DeclaringType!, nonPublic: true);
            var returned = method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, [.. values], CultureInfo.InvariantCulture);
            if (returned is Task task)
            {
                task.GetAwaiter().GetResult();
                returned = (task as Task<string>)?.Result;
            }

            return MethodAnswer.OfValue(returned as string);
        }
        catch (Exception exception)
        {
            return MethodAnswer.OfException(exception);
        }
    }

    [RequiresUnreferencedCode(NeedsReflection)]
    private static MethodBase Find(Guid module, int token, string name, string path)
    {
        Assembly assembly;
        try
        {
            assembly = Assembly.Load(new AssemblyName(name));
        }
        catch (FileNotFoundException)
        {
            assembly = Assembly.LoadFrom(path);
        }

        return assembly.ManifestModule.ModuleVersionId == module
            ? assembly.ManifestModule.ResolveMethod(token)!
            : throw new InvalidOperationException($"the assembly {name} in the virtual host is not the one that the test has loaded; the program was built again while the test ran");
    }
}
