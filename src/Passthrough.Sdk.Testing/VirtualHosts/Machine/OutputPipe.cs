using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;

namespace Passthrough.Sdk.Testing;

/// <summary>A pipe into which QEMU writes: without a name, and read by a thread, so that QEMU never waits long.</summary>
internal sealed class OutputPipe : IDisposable
{
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.None);
    private readonly SafePipeHandle _writer;

    public OutputPipe()
    {
        _writer = _pipe.ClientSafePipeHandle;
        Path = MemoryFile.PathOf(_writer);
    }

    /// <summary>The path that QEMU opens.</summary>
    public string Path { get; }

    /// <summary>Starts a thread that gives everything that is written to <paramref name="take"/>.</summary>
    /// <returns>A task that ends when nobody can write any more.</returns>
    public Task Read(string name, Action<ReadOnlySpan<byte>> take) => Read(_pipe, name, take);

    /// <summary>Starts a thread that reads a stream until its end.</summary>
    public static Task Read(Stream stream, string name, Action<ReadOnlySpan<byte>> take)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            var buffer = new byte[65536];
            try
            {
                for (int length; (length = stream.Read(buffer)) > 0;)
                {
                    take(buffer.AsSpan(0, length));
                }
            }
            catch (Exception exception) when (exception is IOException or ObjectDisposedException)
            {
                // The same as its end.
            }

            done.SetResult();
        })
        { IsBackground = true, Name = $"virtual host: {name}" }.Start();
        return done.Task;
    }

    /// <summary>Closes this process's own end for writing, so that the pipe ends with QEMU.</summary>
    public void CloseWriter() => _writer.Dispose();

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _pipe.Dispose();
    }
}
