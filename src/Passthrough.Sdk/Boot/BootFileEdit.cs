using Passthrough.Sdk.Boot.Text;

namespace Passthrough.Sdk.Boot;

/// <summary>One file of a plan: what stands there now, and what would stand there.</summary>
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

    /// <summary>The file, as the host itself writes its path. A link is followed: what it leads to is edited.</summary>
    public string Path { get; }

    /// <summary>The content that the plan rests on; null when the file is new.</summary>
    public ReadOnlyMemory<byte>? Before => BeforeBytes is null ? null : new ReadOnlyMemory<byte>(BeforeBytes);

    /// <summary>The content after the change; null when the file goes, because the change that is reverted made it.</summary>
    public ReadOnlyMemory<byte>? After => AfterBytes is null ? null : new ReadOnlyMemory<byte>(AfterBytes);

    /// <summary>The difference as a unified diff; <c>patch -p1</c> in the root would make the same change.</summary>
    public string Diff { get; }

    internal byte[]? BeforeBytes { get; }

    internal byte[]? AfterBytes { get; }

    /// <summary>The diff.</summary>
    public override string ToString() => Diff;
}
