using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot;

/// <summary>One file of a plan, with its current and its planned content.</summary>
/// <remarks>Thread safety: immutable.</remarks>
public sealed class BootFileEdit
{
    internal BootFileEdit(string path, byte[]? before, byte[]? after)
    {
        Path = path;
        BeforeBytes = before;
        AfterBytes = after;
        Diff = UnifiedDiff.Create(path, before, after);
    }

    /// <summary>Gets the path of the file on the host. If it is a link, its target is edited.</summary>
    public string Path { get; }

    /// <summary>Gets the current content, on which the plan is based; null if the file is new.</summary>
    public ReadOnlyMemory<byte>? Before => BeforeBytes is null ? null : new ReadOnlyMemory<byte>(BeforeBytes);

    /// <summary>Gets the content after the change; null if the file is removed, because the reverted change created it.</summary>
    public ReadOnlyMemory<byte>? After => AfterBytes is null ? null : new ReadOnlyMemory<byte>(AfterBytes);

    /// <summary>Gets the difference as a unified diff; <c>patch -p1</c> in the root makes the same change.</summary>
    public string Diff { get; }

    internal byte[]? BeforeBytes { get; }

    internal byte[]? AfterBytes { get; }

    /// <summary>Returns the diff.</summary>
    public override string ToString() => Diff;
}
