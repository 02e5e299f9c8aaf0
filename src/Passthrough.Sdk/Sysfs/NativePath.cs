using System.Buffers;
using System.Text;

namespace Passthrough.Sdk.Sysfs;

/// <summary>A path as the kernel takes it: UTF-8 with a zero byte at the end, on the stack where it fits.</summary>
internal ref struct NativePath
{
    /// <summary>Room on the stack that fits every path of sysfs seen so far.</summary>
    public const int StackSize = 512;

    private byte[]? _rented;

    public NativePath(scoped ReadOnlySpan<char> path, Span<byte> stack)
    {
        var most = Encoding.UTF8.GetMaxByteCount(path.Length) + 1;
        if (most > stack.Length)
        {
            stack = _rented = ArrayPool<byte>.Shared.Rent(most);
        }

        var length = Encoding.UTF8.GetBytes(path, stack);
        stack[length] = 0;
        Bytes = stack[..length];
    }

    /// <summary>The path; a zero byte follows.</summary>
    public readonly ReadOnlySpan<byte> Bytes { get; }

    /// <summary>A path with a zero byte inside would be cut off there.</summary>
    public readonly bool IsValid => Bytes.IndexOf((byte)0) < 0;

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            _rented = null;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
