using System.Globalization;
using System.Text;
using Passthrough.Sdk;

namespace Passthrough.Tests.Architecture;

/// <summary>The floors of the house: a type knows its own room and those below it, by what the compiled assembly says.</summary>
public sealed class FloorTests(ITestOutputHelper output)
{
    private const int MostFiles = 30;

    private static readonly Floors Declared = Floors.Declared();

    private static readonly IReadOnlyList<TypeReference> References =
        [.. TypeReferences.Of(typeof(PassthroughHost)).Where(pair => IsOurs(pair.From) && IsOurs(pair.To))];

    [Fact]
    public void Every_room_is_declared_and_no_declared_room_is_empty()
    {
        var rooms = typeof(PassthroughHost).Assembly.GetTypes().Select(type => type.FullName!).Where(IsOurs).Select(Floors.RoomOf).ToHashSet();
        Assert.Equal(rooms.Order(StringComparer.Ordinal), Declared.Rooms.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void No_arrow_points_up()
    {
        output.WriteLine(Matrix());
        var upward = UpwardArrows(References).ToList();
        Assert.True(upward.Count == 0, $"{upward.Count} references point up:\n{string.Join('\n', upward)}");
    }

    /// <summary>Constants leave no trace in the assembly, but a using in the source. A comment may name what is above it, by its full name.</summary>
    [Fact]
    public void No_using_points_up()
    {
        var upward =
            from file in Directory.EnumerateFiles(Repository.PathOf("src/Passthrough.Sdk"), "*.cs", SearchOption.AllDirectories)
            let lines = File.ReadAllLines(file)
            let room = lines.Where(line => line.StartsWith("namespace ", StringComparison.Ordinal)).Select(RoomOfLine).FirstOrDefault()
            where room is not null
            from line in lines
            where line.StartsWith($"using {Floors.Library}", StringComparison.Ordinal) && Declared.HeightOf(RoomOfLine(line)) > Declared.HeightOf(room)
            select $"{file}: {line}";
        Assert.Empty(upward);
    }

    /// <summary>A folder that shows more is grouped by folders of its own.</summary>
    [Fact]
    public void No_folder_has_more_than_thirty_files()
    {
        var crowded =
            from file in Directory.EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
            where !file.Split('/').Any(part => part is "obj" or "bin")
            group file by Path.GetDirectoryName(file) into folder
            where folder.Count() > MostFiles
            select $"{folder.Key}: {folder.Count()}";
        Assert.Empty(crowded);
    }

    [Fact]
    public void An_arrow_that_points_up_is_found()
    {
        var arrow = Assert.Single(UpwardArrows([new("Passthrough.Sdk.Pci.Details.A", "Passthrough.Sdk.Readiness.Rules.B"), new("Passthrough.Sdk.Readiness.B", "Passthrough.Sdk.Pci.A")]));
        Assert.Equal("Pci -> Readiness: Passthrough.Sdk.Pci.Details.A -> Passthrough.Sdk.Readiness.Rules.B", arrow);
    }

    [Fact]
    public void The_references_of_every_kind_of_use_are_seen()
    {
        var seen = TypeReferences.Of(typeof(FloorTests)).Where(pair => pair.From == typeof(Uses).FullName).Select(pair => pair.To).ToHashSet();
        foreach (var used in new[]
        {
            typeof(UsedAsBase), typeof(IUsedAsInterface), typeof(UsedAsField), typeof(UsedAsParameter), typeof(UsedAsArgument), typeof(UsedInBody),
            typeof(UsedAsLocal), typeof(UsedAsAttribute), typeof(UsedInCatch), typeof(UsedAsConstraint), typeof(UsedInSwitch),
        })
        {
            Assert.Contains(used.FullName!, seen);
        }
    }

    private static bool IsOurs(string type) => type.StartsWith(Floors.Library + ".", StringComparison.Ordinal);

    private static string RoomOfLine(string line) => Floors.RoomOf($"{line.TrimEnd(';').Split(' ')[^1]}.Type");

    private static IEnumerable<string> UpwardArrows(IEnumerable<TypeReference> references) =>
        from pair in references
        let rooms = (From: Floors.RoomOf(pair.From), To: Floors.RoomOf(pair.To))
        where Declared.HeightOf(rooms.From) < Declared.HeightOf(rooms.To)
        orderby rooms.From, rooms.To, pair.From, pair.To
        select $"{rooms.From} -> {rooms.To}: {pair.From} -> {pair.To}";

    // A row is who refers, a column who is referred to; the count is of pairs of types. Everything must lie left of the diagonal.
    private static string Matrix()
    {
        var counts = References.GroupBy(pair => (Floors.RoomOf(pair.From), Floors.RoomOf(pair.To))).ToDictionary(group => group.Key, group => group.Count());
        var text = new StringBuilder().Append(' ', 24);
        for (var column = 0; column < Declared.Rooms.Count; column++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{column,6}");
        }

        for (var row = 0; row < Declared.Rooms.Count; row++)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"{row,3}  {Declared.Rooms[row],-19}");
            foreach (var column in Declared.Rooms)
            {
                text.Append(CultureInfo.InvariantCulture, $"{(counts.TryGetValue((Declared.Rooms[row], column), out var count) ? count : "."),6}");
            }
        }

        return text.ToString();
    }
}
