namespace Passthrough.LabTests.Guards;

/// <summary>One way in which a host can use a disk: made on a real kernel, judged, and taken back. A row of docs/guards.md.</summary>
/// <param name="Name">The use, in the words of the table.</param>
/// <param name="Make">Makes it, as lines for bash; <c>$d</c> is the disk.</param>
/// <param name="TakeBack">Ends it and wipes the disk, likewise.</param>
/// <param name="Id">The finding that refuses a plan.</param>
/// <param name="Said">What its title names.</param>
/// <param name="Command">What its remedy names; empty where there is no one command.</param>
internal sealed record DiskUse(string Name, string Make, string TakeBack, string Id, string Said, string Command);
