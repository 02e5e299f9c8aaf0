namespace Passthrough.Sdk.Testing;

/// <summary>The scripts that run in a virtual host.</summary>
internal static class GuestScripts
{
    /// <summary>The first program.</summary>
    public static string Init => Read("init.sh");

    /// <summary>Starts libvirt and what it needs.</summary>
    public static string Services => Read("services.sh");

    /// <summary>Loads the drivers.</summary>
    public static string Drivers => Read("drivers.sh");

    /// <summary>Runs the commands.</summary>
    /// <param name="nonce">The word that nothing else in the output of a command is equal to.</param>
    public static string Agent(string nonce) => Read("agent.sh").Replace("@nonce@", nonce, StringComparison.Ordinal);

    private static string Read(string name)
    {
        using var stream = typeof(GuestScripts).Assembly.GetManifestResourceStream($"Passthrough.Sdk.Testing.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
