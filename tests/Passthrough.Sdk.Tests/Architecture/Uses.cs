#pragma warning disable CA1852 // a base and a constraint are not sealed
namespace Passthrough.Tests.Architecture;

// One use of each kind, for FloorTests to find.
[UsedAsAttribute]
internal sealed class Uses : UsedAsBase, IUsedAsInterface
{
    private readonly List<UsedAsField[]> _field = [];

    public int Count => _field.Count;

    public static void Take(UsedAsParameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
    }

    public static string Run<T>(int which) where T : UsedAsConstraint
    {
        UsedAsLocal? local = null;
        switch (which)
        {
            case 0: return nameof(which);
            case 1: return typeof(T).Name;
            case 2: return UsedInSwitch.Say();
            case 3: return Empty<UsedAsArgument>();
            case 4: return string.Concat(local, UsedInBody.Say());
            default:
                try
                {
                    return UsedInBody.Say();
                }
                catch (UsedInCatch e)
                {
                    return e.Message;
                }
        }
    }

    private static string Empty<T>() => typeof(T).Name;
}

internal class UsedAsBase;

internal interface IUsedAsInterface;

internal sealed class UsedAsField;

internal sealed class UsedAsParameter;

internal sealed class UsedAsArgument;

internal sealed class UsedAsLocal;

internal class UsedAsConstraint;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class UsedAsAttribute : Attribute;

internal sealed class UsedInCatch : Exception;

internal static class UsedInBody
{
    public static string Say() => "body";
}

internal static class UsedInSwitch
{
    public static string Say() => "switch";
}
