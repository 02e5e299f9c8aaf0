using System.Reflection;
using Passthrough.Sdk;
using Passthrough.Sdk.Extensions;
using Passthrough.Sdk.Facts;
using Passthrough.Sdk.Testing;

namespace Passthrough.Tests.Architecture;

/// <summary>
/// One list type: what a public member returns or holds is a <see cref="ValueList{T}"/>, so that records compare by value. A method
/// that takes many things takes any sequence, or a span.
/// </summary>
public sealed class ListTypeTests
{
    private static readonly string[] Lists =
    [
        "System.Collections.Immutable.ImmutableArray`1", "System.Collections.Immutable.ImmutableList`1", "System.Collections.Generic.List`1",
        "System.Collections.Generic.IList`1", "System.Collections.Generic.IReadOnlyList`1", "System.Collections.Generic.IReadOnlyCollection`1",
        "System.Collections.Generic.ICollection`1", "System.Collections.Immutable.ImmutableHashSet`1",
    ];

    // What is not known in advance how long it gets, or is read by the runtime itself.
    private const string Sequence = "System.Collections.Generic.IEnumerable`1";

    [Theory]
    [InlineData(typeof(PassthroughHost))]
    [InlineData(typeof(FakeHost))]
    [InlineData(typeof(PassthroughBuilder))]
    public void Public_members_use_one_list_type(Type part)
    {
        var found = part.Assembly.GetExportedTypes()
            .SelectMany(type => type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .SelectMany(member => Misused(member).Select(type => $"{member.DeclaringType}.{member.Name}: {type.Name}"))
            .Distinct()
            .ToList();

        Assert.True(found.Count == 0, $"use ValueList (parameters: IEnumerable or a span): {string.Join("; ", found)}");
    }

    [Theory]
    [InlineData(typeof(ReturnsAnArray))]
    [InlineData(typeof(ReturnsASequence))]
    [InlineData(typeof(TakesAList))]
    [InlineData(typeof(HidesOne))]
    public void Another_list_type_is_found(Type type) =>
        Assert.NotEmpty(type.GetMembers(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).SelectMany(Misused));

    private static IEnumerable<Type> Misused(MemberInfo member) => member switch
    {
        PropertyInfo property => Parts(property.PropertyType).Where(type => IsList(type) || IsSequence(type)),
        FieldInfo field => Parts(field.FieldType).Where(type => IsList(type) || IsSequence(type)),
        MethodInfo { IsSpecialName: false } method => Parts(method.ReturnType).Where(type => IsList(type) || IsSequence(type))
            .Concat(method.GetParameters().SelectMany(parameter => Parts(parameter.ParameterType)).Where(IsList)),
        ConstructorInfo constructor => constructor.GetParameters().SelectMany(parameter => Parts(parameter.ParameterType)).Where(IsList),
        _ => [],
    };

    private static bool IsList(Type type) => type.IsGenericType && Lists.Contains(type.GetGenericTypeDefinition().FullName);

    private static bool IsSequence(Type type) => (type.IsArray && type != typeof(byte[])) || (type.IsGenericType && type.GetGenericTypeDefinition().FullName == Sequence);

    private static IEnumerable<Type> Parts(Type type) =>
        type.HasElementType ? [type, .. Parts(type.GetElementType()!)] : [type, .. type.GetGenericArguments().SelectMany(Parts)];

    private sealed class ReturnsAnArray
    {
        public int[] Numbers { get; } = [];
    }

    private sealed class ReturnsASequence
    {
        private readonly string _name = "a";

        public IEnumerable<int> Numbers() => _name.Select(letter => (int)letter);
    }

    private sealed class TakesAList
    {
        private readonly int _first = 1;

        public int Count(IReadOnlyList<int> numbers) => numbers.Count + _first;
    }

    private sealed class HidesOne
    {
        public Fact<System.Collections.Immutable.ImmutableArray<int>>? Numbers { get; }
    }
}
