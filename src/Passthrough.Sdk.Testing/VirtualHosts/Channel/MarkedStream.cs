using System.Runtime.InteropServices;
using System.Text;

namespace Passthrough.Sdk.Testing;

/// <summary>
/// The output, or the errors, of all commands of a host, one after another. Those of a command lie between two lines that the agent writes; what is
/// outside, from programs that a command left running, is nobody's.
/// </summary>
internal sealed class MarkedStream(string nonce)
{
    private readonly Lock _gate = new();
    private readonly List<byte> _content = [];
    private byte[] _begin = [];
    private byte[] _end = [];
    private bool _hasBegun;
    private TaskCompletionSource<string>? _waiting;

    /// <summary>Returns what the command with this number writes, when it is complete.</summary>
    public Task<string> Next(int number)
    {
        lock (_gate)
        {
            _begin = Encoding.ASCII.GetBytes($"{nonce}:begin:{number}\n");
            _end = Encoding.ASCII.GetBytes($"{nonce}:end:{number}\n");
            _hasBegun = false;
            _content.Clear();
            _waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiting.Task;
        }
    }

    /// <summary>Takes what has arrived.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            if (_waiting is null)
            {
                return;
            }

            var mark = _hasBegun ? _end : _begin;
            var from = Math.Max(0, _content.Count - mark.Length + 1);
            _content.AddRange(bytes);
            if (!_hasBegun)
            {
                Begin(from);
                from = 0;
            }

            if (_hasBegun && All[from..].IndexOf(_end) is >= 0 and var index)
            {
                _waiting.SetResult(Encoding.UTF8.GetString(All[..(from + index)]));
                _waiting = null;
                _content.Clear();
            }
        }
    }

    private ReadOnlySpan<byte> All => CollectionsMarshal.AsSpan(_content);

    private void Begin(int from)
    {
        var index = All[from..].IndexOf(_begin);
        var rest = index >= 0 ? All[(from + index + _begin.Length)..].ToArray() : All[^Math.Min(All.Length, _begin.Length - 1)..].ToArray();
        _hasBegun = index >= 0;
        _content.Clear();
        _content.AddRange(rest);
    }
}
