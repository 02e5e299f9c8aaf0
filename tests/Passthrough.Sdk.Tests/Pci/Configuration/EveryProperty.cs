using System.Collections;
using System.Reflection;
using Passthrough.Sdk.Pci.Configuration;

namespace Passthrough.Sdk.Tests.Pci.Configuration;

/// <summary>Reads every public property of a decoded space, and of what is in it.</summary>
internal static class EveryProperty
{
    public static int Read(PciConfigurationSpace space)
    {
        var count = 0;
        Walk(space, 0, ref count);
        return count;
    }

    private static void Walk(object? value, int depth, ref int count)
    {
        count++;
        Assert.True(depth < 12, $"{value?.GetType()} leads to itself");
        switch (value)
        {
            case null or string or IFormattable or bool or ReadOnlyMemory<byte>:
                break;
            case IEnumerable items:
                foreach (var item in items)
                {
                    Walk(item, depth + 1, ref count);
                }

                break;
            default:
                Assert.NotEmpty(value.ToString()!);
                foreach (var property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
                {
                    Walk(property.GetValue(value), depth + 1, ref count);
                }

                break;
        }
    }
}
