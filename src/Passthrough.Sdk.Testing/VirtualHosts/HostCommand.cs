using Passthrough.Sdk.Facts;

namespace Passthrough.Sdk.Testing;

/// <summary>A command for a <see cref="VirtualHost"/>: a program with its arguments, directory, environment and maximum time.</summary>
/// <remarks>
/// No shell reads the arguments. For a pipeline, run a shell: <c>new HostCommand("sh", "-c", "lspci | wc -l")</c>. Thread safety: immutable.
/// </remarks>
public sealed record HostCommand
{
    /// <summary>Creates a command.</summary>
    /// <param name="program">The program: a path, or a name on the host's PATH.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <exception cref="ArgumentException">The program is empty, or an argument is null or contains a NUL character.</exception>
    public HostCommand(string program, params IEnumerable<string> arguments)
    {
        ArgumentException.ThrowIfNullOrEmpty(program);
        ArgumentNullException.ThrowIfNull(arguments);
        Program = ShellWord.Check(program, nameof(program));
        Arguments = [.. arguments.Select(argument => ShellWord.Check(argument, nameof(arguments)))];
    }

    /// <summary>Gets the program: a path, or a name on the host's PATH.</summary>
    public string Program { get; }

    /// <summary>Gets the arguments of the program.</summary>
    public ValueList<string> Arguments { get; }

    /// <summary>Gets the directory in which the program runs. The default is <c>/</c>.</summary>
    public string Directory { get; init => field = ShellWord.Check(value, nameof(Directory)); } = "/";

    /// <summary>Gets variables of the program's environment as <c>NAME=VALUE</c>, besides PATH, HOME, TERM and LANG. The default is empty.</summary>
    /// <exception cref="ArgumentException">An item has no name, or a name that a shell does not allow.</exception>
    public ValueList<string> Environment
    {
        get;
        init => field = [.. value.Select(ShellWord.CheckVariable)];
    }

    /// <summary>Gets the maximum time; null for <see cref="VirtualHostOptions.CommandTimeout"/>. The program and its process group are killed afterwards.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Returns the command line as it is typed in a shell.</summary>
    public override string ToString() => ShellArgument.Of([Program, .. Arguments]);
}
