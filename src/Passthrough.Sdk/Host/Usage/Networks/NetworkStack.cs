using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Host.Usage.Networks;

/// <summary>An interface and everything that is built on it, in whichever namespace: the nearest first.</summary>
internal sealed class NetworkStack
{
    // A loop is not possible, and a bridge of a large host has some thousand ports above each other at most in a bad dream.
    private const int MostParts = 4096;

    private NetworkStack(ValueList<Part> parts) => Parts = parts;

    /// <summary>An interface of the stack.</summary>
    /// <param name="Space">The network namespace that contains the interface.</param>
    /// <param name="Link">The interface.</param>
    /// <param name="Below">The part below this one; null for the first.</param>
    /// <param name="IsMaster">Whether the one below is a port of it.</param>
    public sealed record Part(NetworkSpace Space, NetworkLink Link, Part? Below, bool IsMaster);

    /// <summary>The interface, then all others.</summary>
    public ValueList<Part> Parts { get; }

    /// <summary>The interface itself.</summary>
    public Part First => Parts[0];

    /// <summary>Collects it.</summary>
    /// <param name="state">The networks.</param>
    /// <param name="space">The namespace of the interface.</param>
    /// <param name="link">The interface.</param>
    /// <param name="uppers">
    /// A function that returns, for the name of an interface of the own namespace, the interfaces above it in sysfs.
    /// </param>
    public static NetworkStack Of(NetworkState state, NetworkSpace space, NetworkLink link, Func<string, IEnumerable<string>> uppers)
    {
        var parts = new List<Part> { new(space, link, null, false) };
        var seen = new HashSet<(ulong, int)> { (space.Namespace.Id, link.Index) };
        for (var i = 0; i < parts.Count && parts.Count < MostParts; i++)
        {
            var part = parts[i];
            foreach (var other in state.Spaces)
            {
                foreach (var above in other.Links.Where(above => IsOn(above, other, part)))
                {
                    Add(other, above, part);
                }
            }

            foreach (var name in part.Space.IsOwn ? uppers(part.Link.Name) : [])
            {
                if (part.Space.Links.FirstOrDefault(candidate => candidate.Name == name) is { } above)
                {
                    Add(part.Space, above, part);
                }
            }
        }

        return new NetworkStack([.. parts]);

        void Add(NetworkSpace where, NetworkLink above, Part below)
        {
            if (seen.Add((where.Namespace.Id, above.Index)))
            {
                parts.Add(new Part(where, above, below, where == below.Space && below.Link.Master == above.Index));
            }
        }
    }

    /// <summary>The interface of a number, if it is one of these.</summary>
    public Part? Find(NetworkSpace space, int index) => index == 0 ? null : Parts.FirstOrDefault(part => part.Space == space && part.Link.Index == index);

    private static bool IsOn(NetworkLink above, NetworkSpace space, Part part) =>
        (space == part.Space && part.Link.Master != 0 && part.Link.Master == above.Index)
        || (above.IsStacked && above.Lower == part.Link.Index
            && (above.LowerNumber is null ? space == part.Space : above.LowerNamespace == part.Space.Namespace.Id));
}
