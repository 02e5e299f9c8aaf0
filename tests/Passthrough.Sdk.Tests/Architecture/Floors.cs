namespace Passthrough.Tests.Architecture;

/// <summary>The order of the rooms as docs/architecture.md declares it: the lines between the two marks, from the ground up.</summary>
internal sealed class Floors
{
    /// <summary>What every namespace of the library begins with; alone it is the front door.</summary>
    public const string Library = "Passthrough.Sdk";

    private readonly List<string> _rooms;

    private Floors(List<string> rooms) => _rooms = rooms;

    /// <summary>The rooms from the ground up.</summary>
    public IReadOnlyList<string> Rooms => _rooms;

    /// <summary>Reads the declaration.</summary>
    public static Floors Declared()
    {
        var lines = File.ReadAllLines(Repository.PathOf("docs/architecture.md"));
        var rooms = lines.SkipWhile(line => line != "<!-- floors, from the top -->").TakeWhile(line => line != "<!-- end of floors -->")
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('`')[1]).Reverse().ToList();
        Assert.NotEmpty(rooms);
        return new(rooms);
    }

    /// <summary>The room of a type: the first part of its namespace below the library's; the rooms within a room count as it.</summary>
    public static string RoomOf(string type)
    {
        var parts = type[(Library.Length + 1)..].Split('.');
        return parts.Length == 1 ? Library : parts[0];
    }

    /// <summary>How high a room lies; the ground is 0, and a room that is not declared is -1.</summary>
    public int HeightOf(string room) => _rooms.IndexOf(room);
}
