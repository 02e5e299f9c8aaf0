using System.Collections.Immutable;
using System.Threading.Channels;

namespace Passthrough.Sdk.Libvirt.Native;

/// <summary>Hands each event to every reader. It is what libvirt's callbacks hold, so it holds nothing of the connection.</summary>
/// <remarks>Publishing takes no lock: it happens on the event loop.</remarks>
internal sealed class Broadcast<T>
{
    private ImmutableArray<ChannelWriter<T>> _readers = [];

    public bool IsEmpty => _readers.IsEmpty;

    public void Add(ChannelWriter<T> reader) => ImmutableInterlocked.Update(ref _readers, static (all, one) => all.Add(one), reader);

    public void Remove(ChannelWriter<T> reader) => ImmutableInterlocked.Update(ref _readers, static (all, one) => all.Remove(one), reader);

    /// <summary>Writes to every reader's channel. Nobody waits: a reader whose channel is full has lost an event, and its loop ends with that.</summary>
    public void Publish(T happened)
    {
        foreach (var reader in _readers)
        {
            if (!reader.TryWrite(happened))
            {
                reader.TryComplete(new LibvirtEventsLostException());
            }
        }
    }

    /// <summary>Ends every reader's loop, after what it has not read yet.</summary>
    public void Complete(Exception? error)
    {
        foreach (var reader in _readers)
        {
            reader.TryComplete(error);
        }
    }
}
