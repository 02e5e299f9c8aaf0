using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// The exception that is thrown when this machine lacks something that a <see cref="VirtualHost"/> needs. Nothing was started. The message names
/// every missing thing and the command that installs it.
/// </summary>
/// <remarks><see cref="VirtualHost.FindMissing"/> returns the same list without an exception. Thread safety: immutable.</remarks>
public sealed class VirtualHostUnavailableException : VirtualHostException
{
    internal VirtualHostUnavailableException(ValueList<MissingPrerequisite> missing)
        : base(Describe(missing)) => Missing = missing;

    /// <summary>Gets everything that is missing.</summary>
    public ValueList<MissingPrerequisite> Missing { get; }

    private static string Describe(ValueList<MissingPrerequisite> missing)
    {
        var packages = missing.Select(each => each.Package).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var text = $"A virtual host cannot be started on this machine: {string.Join("; ", missing.Select(each => each.Reason))}.";
        return packages.Count == 0 ? text : $"{text} On Debian, run as root: apt-get install -y --no-install-recommends {string.Join(' ', packages)}";
    }
}
